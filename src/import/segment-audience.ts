import { own } from '../core/json.ts';
import type { FieldBook } from './field-book.ts';
import type { Keys } from './input.ts';
import { reasons } from './reasons.ts';
import { audienceFields, nameFields } from './segment-fields.ts';
import { segmentReasons } from './segment-reasons.ts';

/** Puts a setting of Sync Audience; false: it is none that audiences have in a way of their own. */
export function putAudienceSetting(key: string, value: unknown, from: Keys, book: FieldBook): boolean {
  const field = own(audienceFields, key);
  if (key === 'name') book.spread(value, from, nameFields);
  else if (key === 'birth') book.put('db', value, from);
  else if (key === 'appId' || key === 'pageId') putScopedId(value, from, book);
  else if (key === 'retlOnMappingSave') putHook(value, from, book);
  else if (key === '__segment_internal_sync_mode') book.put('sync_mode', value, from);
  else if (typeof field === 'string') {
    book.put(field, value, from);
    if (key === 'externalId') book.ledger.decision(from, segmentReasons.externalId, { to: field });
  } else return false;
  return true;
}

function putScopedId(value: unknown, from: Keys, { ledger }: FieldBook): void {
  if (value === null || value === '') ledger.changed(from, reasons.emptyField);
  else ledger.decision(from, segmentReasons.scopedId);
}

/** What Segment's form for reverse ETL made: the audience that rows go to. */
function putHook(value: unknown, from: Keys, book: FieldBook): void {
  const id = own(own(value, 'outputs'), 'audienceId');
  const isId = typeof id === 'string' && /^\d+$/.test(id);
  if (isId) book.set('audience_id', id, from);
  if (isId) book.ledger.changed(from, segmentReasons.hook, { to: 'audience_id' });
  else book.ledger.decision(from, segmentReasons.noAudience);
}
