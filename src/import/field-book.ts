import type { Action } from '../core/action.ts';
import { isObject, type JsonObject, own } from '../core/json.ts';
import { isDirective } from '../mapping/values/directive.ts';
import { directiveDifferences } from './directive-differences.ts';
import type { Keys } from './input.ts';
import type { Ledger } from './ledger.ts';
import { type Reason, reasons } from './reasons.ts';
import { validMapping, withoutDefaults } from './valid-draft.ts';

/** The mapping of a subscription while it is put together, with the books of where each field is from. */
export interface FieldBook {
  readonly ledger: Ledger;
  /** Sets a field, and says what became of the setting; one that could not be read sets nothing. */
  put(field: string, value: unknown, from: Keys, reason?: Reason): void;
  /** Sets a field of whose setting somebody else tells. */
  set(field: string, value: unknown, from: Keys): void;
  /** The members of an object there, each a field here; a path to the whole is a path to each member. */
  spread(value: unknown, from: Keys, names: Readonly<Record<string, string>>): void;
  mapping(action: Action, keepDefaults: boolean): JsonObject;
}

/** What isn't about what is sent of a person or a purchase keeps its default: names, times, ids and accounts. */
const kept = ['event_name', 'event_time', 'event_id'];
const keptOfAudiences = [
  'audience_id',
  'audience_name',
  'audience_description',
  'ad_account_id',
  'create_audience',
  'customer_file_source',
  'sync_mode',
  'membership',
];

export function createFieldBook(ledger: Ledger): FieldBook {
  const fields: Record<string, unknown> = {};
  const origins = new Map<string, Keys>();

  const book: FieldBook = {
    ledger,
    put(field, value, from, reason) {
      if (ledger.isUnread(from)) return;
      book.set(field, value, from);
      const differences = [...(reason === undefined ? [] : [reason]), ...directiveDifferences(value)];
      for (const difference of differences) ledger.changed(from, difference, { to: field });
      if (differences.length === 0) ledger.carried(from, field);
    },
    set(field, value, from) {
      fields[field] = value === '' ? null : value;
      origins.set(field, from);
    },
    spread(value, from, names) {
      const whole = wholePath(value);
      if (whole !== undefined) {
        ledger.changed(from, reasons.wholeObject);
        for (const [member, field] of Object.entries(names)) book.set(field, { '@path': `${whole}.${member}` }, from);
      } else if (isDirective(value) || !isObject(value)) ledger.decision(from, reasons.objectDirective);
      else for (const [member, given] of Object.entries(value)) putMember(member, given, [...from, member], names);
    },
    mapping(action, keepDefaults) {
      const valid = validMapping(fields, action, origins, ledger);
      const keep = action.definition.audience === true ? keptOfAudiences : kept;
      return keepDefaults ? valid : withoutDefaults(valid, action, keep);
    },
  };

  function putMember(member: string, given: unknown, at: Keys, names: Readonly<Record<string, string>>): void {
    const field = own(names, member);
    if (typeof field === 'string') book.put(field, given, at);
    else noteNoField(given, at, ledger);
  }

  return book;
}

/** A setting that is no field of the action: of no matter where it is empty. */
export function noteNoField(value: unknown, path: Keys, ledger: Ledger): void {
  if (value === null || value === '') ledger.changed(path, reasons.emptyField);
  else ledger.decision(path, reasons.noField);
}

function wholePath(value: unknown): string | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  const path = value['@path'];
  return typeof path === 'string' && path !== '$' && path !== '$.' ? path : undefined;
}
