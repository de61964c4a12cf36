import type { Action } from '../core/action.ts';
import { isObject, type JsonObject, own } from '../core/json.ts';
import { isDirective } from '../mapping/values/directive.ts';
import { createFieldBook, type FieldBook, noteNoField } from './field-book.ts';
import type { Keys } from './input.ts';
import type { Ledger } from './ledger.ts';
import { reasons } from './reasons.ts';
import { putAudienceSetting } from './segment-audience.ts';
import { appDataFields, userDataFields } from './segment-fields.ts';
import { segmentReasons } from './segment-reasons.ts';

export interface SettingsOf {
  readonly settings: JsonObject;
  /** Where they are in the export. */
  readonly path: Keys;
  readonly action: Action;
  readonly ledger: Ledger;
  /** Fields that the export doesn't map keep the default they have here. */
  readonly keepDefaults: boolean;
}

/** The mapping that Segment's settings of a subscription come to. */
export function segmentMapping({ settings, path, action, ledger, keepDefaults }: SettingsOf): JsonObject {
  const book = createFieldBook(ledger);
  const isAudience = action.definition.audience === true;
  const putSetting = isAudience ? putAudienceSetting : putConversionSetting;
  for (const [key, value] of inOrder(settings)) {
    const from = [...path, key];
    if (isBatching(key)) ledger.changed(from, reasons.batching);
    else if (putSetting(key, value, from, book)) continue;
    else if (key.startsWith('__segment_internal')) ledger.changed(from, reasons.noMeaning);
    else if (Object.hasOwn(action.definition.fields, key)) book.put(key, value, from);
    else noteNoField(value, from, ledger);
  }
  return book.mapping(action, keepDefaults);
}

/** The audience that a form has made wins over the one that the mapping names. */
function inOrder(settings: JsonObject): readonly (readonly [string, unknown])[] {
  const isLast = ([key]: readonly [string, unknown]) => (key === 'retlOnMappingSave' ? 1 : 0);
  return Object.entries(settings).sort((first, second) => isLast(first) - isLast(second));
}

function isBatching(key: string): boolean {
  return key === 'enable_batching' || key === 'batch_size' || key === 'batch_keys';
}

/** False: it is no setting that conversions have in a way of their own. */
function putConversionSetting(key: string, value: unknown, from: Keys, book: FieldBook): boolean {
  if (key === 'user_data') book.spread(value, from, userDataFields);
  else if (key === 'app_data_field') putAppData(value, from, book);
  else if (key === 'data_processing_options') putProcessingOptions(value, from, book);
  else if (key === '__segment_internal_sync_mode') book.ledger.carried(from, '(nothing: events are only ever added)');
  else return false;
  return true;
}

function putAppData(value: unknown, from: Keys, book: FieldBook): void {
  const { ledger } = book;
  if (isDirective(value) || !isObject(value)) {
    ledger.decision(from, reasons.objectDirective);
    return;
  }
  const use = value['use_app_data'];
  if (use !== true) {
    const isOff = use === undefined || use === null || use === false || use === '';
    if (isOff && !ledger.isUnread([...from, 'use_app_data'])) ledger.changed(from, segmentReasons.appOff);
    else ledger.decision(from, segmentReasons.appSometimes);
    return;
  }
  ledger.carried([...from, 'use_app_data'], 'app_data');
  const app: Record<string, unknown> = {};
  for (const [member, given] of Object.entries(value)) {
    const at = [...from, member];
    const name = own(appDataFields, member);
    if (member === 'use_app_data' || ledger.isUnread(at)) continue;
    if (member === 'madId') book.put('madid', given, at);
    else if (typeof name === 'string') {
      app[name] = given === '' ? null : given;
      ledger.carried(at, `app_data.${name}`);
    } else noteNoField(given, at, ledger);
  }
  book.set('app_data', app, from);
}

function putProcessingOptions(value: unknown, from: Keys, book: FieldBook): void {
  const { limited } = segmentReasons;
  if (value === true) book.put('data_processing_options', ['LDU'], from, limited);
  else if (isDirective(value)) {
    book.put('data_processing_options', { '@map': { value, cases: { true: ['LDU'] } } }, from, limited);
  } else book.ledger.carried(from, '(nothing: it is off)');
}
