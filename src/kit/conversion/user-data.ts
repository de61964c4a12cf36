import type { ActionContext, IdentifierStatus } from '../../core/action.ts';
import { type IdentityStatus, identify, identifyAll } from '../../identity/identify.ts';
import type { IdentityOptions } from '../../identity/options.ts';
import { clickIdOfPage, isClickTooOld } from './click-id.ts';
import type { UserDataFields } from './fields.ts';

/** A key of `user_data` and how it is read: under a computed key every read would be a search. */
type Reader<T> = readonly [key: string, read: (fields: UserDataFields) => T | undefined];

/** Keys that may hold several values: sent as lists, also for one value, as Meta's examples do. */
const lists: readonly Reader<readonly unknown[]>[] = [
  ['em', (fields) => fields.em],
  ['ph', (fields) => fields.ph],
  ['fn', (fields) => fields.fn],
  ['ln', (fields) => fields.ln],
  ['ge', (fields) => fields.ge],
  ['db', (fields) => fields.db],
  ['ct', (fields) => fields.ct],
  ['st', (fields) => fields.st],
  ['zp', (fields) => fields.zp],
  ['country', (fields) => fields.country],
  ['external_id', (fields) => fields.external_id],
];

/** Keys of one value that the identity core knows how to write. */
const singles: readonly Reader<string>[] = [
  ['fi', (fields) => fields.fi],
  ['doby', (fields) => fields.doby],
  ['dobm', (fields) => fields.dobm],
  ['dobd', (fields) => fields.dobd],
  ['client_ip_address', (fields) => fields.client_ip_address],
  ['client_user_agent', (fields) => fields.client_user_agent],
  ['fbp', (fields) => fields.fbp],
  ['subscription_id', (fields) => fields.subscription_id],
  ['fb_login_id', (fields) => fields.fb_login_id],
  ['anon_id', (fields) => fields.anon_id],
  ['madid', (fields) => fields.madid],
  ['page_id', (fields) => fields.page_id],
  ['page_scoped_user_id', (fields) => fields.page_scoped_user_id],
  ['ctwa_clid', (fields) => fields.ctwa_clid],
  ['ig_account_id', (fields) => fields.ig_account_id],
  ['ig_sid', (fields) => fields.ig_sid],
  ['whatsapp_business_account_id', (fields) => fields.whatsapp_business_account_id],
];

/** Undocumented keys that other partners send; no rule is known for them. */
const partnerKeys = ['partner_id', 'partner_name'] as const;

/** Every key of `user_data` that has a field of its own. */
export const userDataKeys: ReadonlySet<string> = new Set([
  ...lists.map(([key]) => key),
  ...singles.map(([key]) => key),
  ...partnerKeys,
  'fbc',
  'lead_id',
]);

/** `user_data` while it is being built. */
export type UserData = Record<string, unknown>;

/** What became of each identifying field, while it is being found out. */
export type Statuses = Record<string, IdentifierStatus>;

/** Where the event happened and when, for what is derived from it. */
interface Occasion {
  readonly pageUrl: string | undefined;
  /** Unix milliseconds. */
  readonly millis: number;
}

/** What reading one field needs besides its values. */
interface Reading {
  readonly options: IdentityOptions;
  readonly statuses: Statuses;
  readonly context: ActionContext;
}

/**
 * Adds the identifiers as Meta takes them: normalized and hashed by the identity core, what is unusable left out with
 * a warning. An fbc that is there and not too old wins over one derived from the page. (The lead id, which isn't left
 * out, is in lead-id.ts.) Returns what became of each field that has a value.
 */
export function addIdentifiers(
  data: UserData,
  fields: UserDataFields,
  occasion: Occasion,
  context: ActionContext,
): Statuses {
  const reading: Reading = { options: identityOptions(fields, context), statuses: {}, context };
  for (const [key, read] of lists) {
    const values = read(fields);
    if (values === undefined) continue;
    const sent = sendList(key, values, reading);
    if (sent.length > 0) data[key] = sent;
  }
  for (const [key, read] of singles) {
    const value = read(fields);
    if (value === undefined) continue;
    const sent = sendOne(key, value, reading);
    if (sent !== undefined) data[key] = sent;
  }
  for (const key of partnerKeys) {
    if (fields[key] !== undefined) data[key] = fields[key];
  }
  const fbc = usableClickId(fields.fbc, reading) ?? clickIdOfPage(occasion.pageUrl, occasion.millis, context);
  if (fbc !== undefined) {
    data['fbc'] = fbc;
    reading.statuses['fbc'] = 'plain';
  }
  return reading.statuses;
}

/** Phones, states and postal codes are read by the event's own country, else by the destination's. */
function identityOptions(fields: UserDataFields, { settings, now }: ActionContext): IdentityOptions {
  return { country: fields.country?.[0], defaultCountry: settings.defaultCountry, now };
}

/** A list of one, which most are, goes the short way. */
function sendList(key: string, values: readonly unknown[], reading: Reading): readonly string[] {
  if (values.length < 2) {
    const sent = sendOne(key, values[0], reading);
    return sent === undefined ? [] : [sent];
  }
  const { values: sent, counts } = identifyAll(key, values, reading.options);
  if (counts.junk > 0) warnJunk(key, reading.context);
  if (counts.unusable > 0) warnUnusable(key, reading.context);
  for (const status of bestFirst) {
    if (counts[status] === 0) continue;
    reading.statuses[key] = status;
    break;
  }
  return sent;
}

const bestFirst = ['hashed', 'passed', 'plain', 'unusable', 'junk'] as const satisfies readonly IdentityStatus[];

function sendOne(key: string, value: unknown, { options, statuses, context }: Reading): string | undefined {
  const { status, value: sent } = identify(key, value, options);
  if (status === 'missing') return undefined;
  if (status === 'junk') warnJunk(key, context);
  else if (status === 'unusable') warnUnusable(key, context);
  statuses[key] = status;
  return sent;
}

function warnJunk(field: string, context: ActionContext): void {
  const message = `${field} holds a filler such as "-" or "n/a", which identifies nobody: left out.`;
  context.warn({ code: 'IDENTIFIER_JUNK', field, message });
}

function warnUnusable(field: string, context: ActionContext): void {
  context.warn({ code: 'IDENTIFIER_UNUSABLE', field, message: `${field} can't be read as what it is: left out.` });
}

function usableClickId(given: string | undefined, reading: Reading): string | undefined {
  const fbc = given === undefined ? undefined : sendOne('fbc', given, reading);
  if (fbc === undefined || !isClickTooOld(fbc, reading.context.now)) return fbc;
  const message = 'The click id (fbc) is older than 90 days, after which Meta has no use for it: left out.';
  reading.context.warn({ code: 'FBC_TOO_OLD', field: 'fbc', message });
  reading.statuses['fbc'] = 'unusable';
  return undefined;
}
