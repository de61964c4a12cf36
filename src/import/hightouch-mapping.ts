import type { Action } from '../core/action.ts';
import { isObject, type JsonObject, own } from '../core/json.ts';
import { createFieldBook, type FieldBook } from './field-book.ts';
import { formReasons } from './form-reasons.ts';
import type { Keys } from './input.ts';
import { fieldFor } from './labels.ts';
import type { Ledger } from './ledger.ts';

/** Settings of the form that are fields here. */
const formFields: Readonly<Record<string, string>> = {
  eventname: 'event_name',
  eventtime: 'event_time',
  eventid: 'event_id',
  actionsource: 'action_source',
  eventsourceurl: 'event_source_url',
  audienceid: 'audience_id',
  customaudienceid: 'audience_id',
  audiencename: 'audience_name',
  audiencedescription: 'audience_description',
  customerfilesource: 'customer_file_source',
};

/** `mode` by what becomes of rows that come and go. */
const modes: Readonly<Record<string, string>> = {
  mirror: 'mirror',
  all: 'mirror',
  add: 'upsert',
  upsert: 'upsert',
  remove: 'delete',
  delete: 'delete',
};

/** The mapping that the form of a sync comes to. Rows have nothing but columns, so no default of the action holds. */
export function syncMapping(config: JsonObject, path: Keys, action: Action, ledger: Ledger): JsonObject {
  const book = createFieldBook(ledger);
  const custom: Record<string, unknown> = {};
  const isAudience = action.definition.audience === true;
  for (const [key, value] of Object.entries(config)) {
    const from = [...path, key];
    const name = key.replaceAll('_', '').toLowerCase();
    const field = own(formFields, name);
    if (/mappings?$/i.test(key)) putColumns(value, from, /custom/i.test(key));
    else if (name === 'mode' || name === 'syncmode') putMode(value, from);
    else if (/hash/i.test(key)) ledger.changed(from, formReasons.hashed);
    else if (typeof field === 'string') putValue(field, value, from);
  }
  if (Object.keys(custom).length > 0) book.set('custom_data', custom, path);
  return book.mapping(action, false);

  function putValue(field: string, value: unknown, from: Keys): void {
    const mapped = isObject(value) ? columnOf(value) : value;
    if (mapped === undefined) ledger.decision(from, formReasons.noColumn);
    else book.put(field, mapped, from);
  }

  function putMode(value: unknown, from: Keys): void {
    const mode = own(modes, String(value).toLowerCase());
    if (isAudience && typeof mode === 'string') book.put('sync_mode', mode, from, formReasons.mode);
    else if (isAudience) ledger.decision(from, formReasons.mode);
    else ledger.changed(from, formReasons.rowEvents, { to: 'trigger' });
  }

  /** One mapping, or a list of them. */
  function putColumns(value: unknown, from: Keys, isCustom: boolean): void {
    const listed = Array.isArray(value)
      ? value.map((item, index) => [item, [...from, index]] as const)
      : [[value, from] as const];
    for (const [item, at] of listed) putColumn(item, at, isCustom, { book, custom, action });
  }
}

interface Target {
  readonly book: FieldBook;
  readonly custom: Record<string, unknown>;
  readonly action: Action;
}

function putColumn(item: unknown, at: Keys, isCustom: boolean, { book, custom, action }: Target): void {
  const { ledger } = book;
  const to = own(item, 'to');
  const mapped = isObject(item) ? columnOf(item) : undefined;
  if (typeof to !== 'string' || to === '' || mapped === undefined) {
    ledger.decision(at, formReasons.noColumn);
    return;
  }
  const member = /^custom_?data[._](.+)$/i.exec(to)?.[1] ?? (isCustom ? to : undefined);
  const field = fieldFor(member ?? to, action);
  if (field !== undefined) book.put(field, mapped, at);
  else if (member !== undefined && !member.startsWith('@') && Object.hasOwn(action.definition.fields, 'custom_data')) {
    custom[member] = mapped;
    ledger.carried(at, `custom_data.${member}`);
  } else ledger.decision(at, formReasons.noField);
}

/** A column of the row, or a fixed value; undefined for what is neither. */
function columnOf(item: JsonObject): unknown {
  const { from, type, value } = item;
  if (type === 'static' || (from === undefined && value !== undefined)) return isObject(value) ? undefined : value;
  if (typeof from !== 'string' || from === '' || (type !== undefined && type !== 'standard' && type !== 'column'))
    return undefined;
  return { '@path': /^\w+$/.test(from) ? `$.properties.${from}` : `$.properties['${from.replaceAll("'", "\\'")}']` };
}
