import type { ActionContext, IdentifierStatus } from '../../core/action.ts';
import { countryCode } from '../../identity/country.ts';
import { type IdentifierField, type IdentifierName, identifierFields } from '../../identity/fields.ts';
import { type IdentityStatus, identifyAll, identifyBy } from '../../identity/identify.ts';
import type { IdentityOptions } from '../../identity/options.ts';
import { clickIdOfPage, isClickTooOld } from './click-id.ts';
import type { UserDataFields } from './fields.ts';

/** A key of `user_data` and how it is read: under a computed key every read would be a search. */
interface Member<T> {
  readonly key: IdentifierName;
  readonly rule: IdentifierField;
  readonly read: (fields: UserDataFields) => T | undefined;
}

/** Keys that may hold several values: sent as lists, also for one value, as Meta's examples do. */
const lists: readonly Member<readonly unknown[]>[] = [
  member('em', (fields) => fields.em),
  member('ph', (fields) => fields.ph),
  member('fn', (fields) => fields.fn),
  member('ln', (fields) => fields.ln),
  member('ge', (fields) => fields.ge),
  member('db', (fields) => fields.db),
  member('ct', (fields) => fields.ct),
  member('st', (fields) => fields.st),
  member('zp', (fields) => fields.zp),
  member('country', (fields) => fields.country),
  member('external_id', (fields) => fields.external_id),
];

/** Keys of one value that the identity core knows how to write. */
const singles: readonly Member<string>[] = [
  member('fi', (fields) => fields.fi),
  member('doby', (fields) => fields.doby),
  member('dobm', (fields) => fields.dobm),
  member('dobd', (fields) => fields.dobd),
  member('client_ip_address', (fields) => fields.client_ip_address),
  member('client_user_agent', (fields) => fields.client_user_agent),
  member('fbp', (fields) => fields.fbp),
  member('subscription_id', (fields) => fields.subscription_id),
  member('fb_login_id', (fields) => fields.fb_login_id),
  member('anon_id', (fields) => fields.anon_id),
  member('madid', (fields) => fields.madid),
  member('page_id', (fields) => fields.page_id),
  member('page_scoped_user_id', (fields) => fields.page_scoped_user_id),
  member('ctwa_clid', (fields) => fields.ctwa_clid),
  member('ig_account_id', (fields) => fields.ig_account_id),
  member('ig_sid', (fields) => fields.ig_sid),
  member('whatsapp_business_account_id', (fields) => fields.whatsapp_business_account_id),
];

const clickId = member('fbc', (fields) => fields.fbc);

function member<T>(key: IdentifierName, read: Member<T>['read']): Member<T> {
  return { key, rule: identifierFields[key], read };
}

/** Undocumented keys that other partners send; no rule is known for them. */
const partnerKeys = ['partner_id', 'partner_name'] as const;

/** Every key of `user_data` that has a field of its own. */
export const userDataKeys: ReadonlySet<string> = new Set([
  ...lists.map(({ key }) => key),
  ...singles.map(({ key }) => key),
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
  for (const member of lists) {
    const values = member.read(fields);
    if (values === undefined) continue;
    const sent = sendList(member, values, reading);
    if (sent.length > 0) write(data, member.key, sent);
  }
  for (const member of singles) {
    const value = member.read(fields);
    if (value === undefined) continue;
    const sent = sendOne(member, value, reading);
    if (sent !== undefined) write(data, member.key, sent);
  }
  if (fields.partner_id !== undefined) data['partner_id'] = fields.partner_id;
  if (fields.partner_name !== undefined) data['partner_name'] = fields.partner_name;
  const fbc = usableClickId(fields.fbc, reading) ?? clickIdOfPage(occasion.pageUrl, occasion.millis, context);
  if (fbc !== undefined) {
    data['fbc'] = fbc;
    reading.statuses['fbc'] = 'plain';
  }
  return reading.statuses;
}

/** Phones, states and postal codes are read by the event's own country, else by the destination's. */
function identityOptions(fields: UserDataFields, { settings, now }: ActionContext): IdentityOptions {
  return { country: countryCode(fields.country?.[0]), defaultCountry: settings.defaultCountry, now };
}

/** A list of one, which most are, goes the short way. */
function sendList(member: Member<unknown>, values: readonly unknown[], reading: Reading): readonly string[] {
  if (values.length < 2) {
    const sent = sendOne(member, values[0], reading);
    return sent === undefined ? [] : [sent];
  }
  const { key } = member;
  const { values: sent, counts } = identifyAll(key, values, reading.options);
  if (counts.junk > 0) warnJunk(key, reading.context);
  if (counts.unusable > 0) warnUnusable(key, reading.context);
  for (const status of bestFirst) {
    if (counts[status] === 0) continue;
    write(reading.statuses, key, status);
    break;
  }
  return sent;
}

const bestFirst = ['hashed', 'passed', 'plain', 'unusable', 'junk'] as const satisfies readonly IdentityStatus[];

function sendOne({ key, rule }: Member<unknown>, value: unknown, reading: Reading): string | undefined {
  const { status, value: sent } = identifyBy(rule, value, reading.options);
  if (status === 'missing') return undefined;
  if (status === 'junk') warnJunk(key, reading.context);
  else if (status === 'unusable') warnUnusable(key, reading.context);
  write(reading.statuses, key, status);
  return sent;
}

/** `object[key] = value`, which is a search for a place as it stands, and none for the usual keys here. */
function write(object: Record<string, unknown>, key: IdentifierName, value: unknown): void {
  if (key === 'em') object['em'] = value;
  else if (key === 'ph') object['ph'] = value;
  else if (key === 'fn') object['fn'] = value;
  else if (key === 'ln') object['ln'] = value;
  else if (key === 'ge') object['ge'] = value;
  else if (key === 'db') object['db'] = value;
  else if (key === 'ct') object['ct'] = value;
  else if (key === 'st') object['st'] = value;
  else if (key === 'zp') object['zp'] = value;
  else if (key === 'country') object['country'] = value;
  else if (key === 'external_id') object['external_id'] = value;
  else if (key === 'client_ip_address') object['client_ip_address'] = value;
  else if (key === 'client_user_agent') object['client_user_agent'] = value;
  else if (key === 'fbp') object['fbp'] = value;
  else if (key === 'madid') object['madid'] = value;
  else object[key] = value;
}

function warnJunk(field: string, context: ActionContext): void {
  const message = `${field} holds a filler such as "-" or "n/a", which identifies nobody: left out.`;
  context.warn({ code: 'IDENTIFIER_JUNK', field, message });
}

function warnUnusable(field: string, context: ActionContext): void {
  context.warn({ code: 'IDENTIFIER_UNUSABLE', field, message: `${field} can't be read as what it is: left out.` });
}

function usableClickId(given: string | undefined, reading: Reading): string | undefined {
  const fbc = given === undefined ? undefined : sendOne(clickId, given, reading);
  if (fbc === undefined || !isClickTooOld(fbc, reading.context.now)) return fbc;
  const message = 'The click id (fbc) is older than 90 days, after which Meta has no use for it: left out.';
  reading.context.warn({ code: 'FBC_TOO_OLD', field: 'fbc', message });
  reading.statuses['fbc'] = 'unusable';
  return undefined;
}
