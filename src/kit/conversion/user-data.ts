import type { ActionContext, IdentifierStatus } from '../../core/action.ts';
import { isObject } from '../../core/json.ts';
import { type Click, clickOf } from '../../identity/click-id.ts';
import { countryCode } from '../../identity/country.ts';
import { type IdentifierName, identifierFields as rules } from '../../identity/fields.ts';
import { splitName } from '../../identity/full-name.ts';
import type { IdentifierField } from '../../identity/identifier-field.ts';
import { type IdentityStatus, identifyAll, identifyBy } from '../../identity/identify.ts';
import type { IdentityOptions } from '../../identity/options.ts';
import type { UserDataFields } from './fields.ts';

/** Every key of `user_data` that has a field of its own. No rule is known for the two that partners of Meta send. */
export const userDataKeys: ReadonlySet<string> = new Set([...Object.keys(rules), 'partner_id', 'partner_name']);

/** `user_data` while it is being built. */
export type UserData = Record<string, unknown>;

/** What became of each identifying field, while it is being found out. */
export type Statuses = Record<string, IdentifierStatus>;

/** Where the event happened and when, for what is derived from it. */
interface Occasion {
  readonly pageUrl: string | undefined;
  readonly referrer: string | undefined;
  /** Unix milliseconds. */
  readonly millis: number;
}

/** What reading one field needs besides its values. */
interface Reading {
  readonly data: UserData;
  readonly options: IdentityOptions;
  readonly statuses: Statuses;
  readonly context: ActionContext;
}

/**
 * Adds the identifiers as Meta takes them: normalized and hashed by the identity core, what is unusable left out with
 * a warning. (The lead id, which isn't left out, is in lead-id.ts.) Returns what became of each field that has a
 * value.
 */
export function addIdentifiers(
  data: UserData,
  fields: UserDataFields,
  occasion: Occasion,
  context: ActionContext,
): Statuses {
  const reading: Reading = { data, options: identityOptions(fields, context), statuses: {}, context };
  addLists(fields, reading);
  addSingles(fields, reading);
  if (fields.partner_id !== undefined) data['partner_id'] = fields.partner_id;
  if (fields.partner_name !== undefined) data['partner_name'] = fields.partner_name;
  addClick(clickOf({ ...clickFields(fields, occasion, context), now: context.now }), reading);
  return reading.statuses;
}

/** Keys that may hold several values: sent as lists, also for one value, as Meta's examples do. */
function addLists(fields: UserDataFields, reading: Reading): void {
  // Field by field: under a computed key every read would be a search.
  addList('em', rules.em, fields.em, reading);
  addList('ph', rules.ph, fields.ph, reading);
  if (fields.fn === undefined && fields.ln === undefined && fields.name !== undefined) {
    addNames(fields.name, reading);
  } else {
    addList('fn', rules.fn, fields.fn, reading);
    addList('ln', rules.ln, fields.ln, reading);
  }
  addList('ge', rules.ge, fields.ge, reading);
  addList('db', rules.db, fields.db, reading);
  addList('ct', rules.ct, fields.ct, reading);
  addList('st', rules.st, fields.st, reading);
  addList('zp', rules.zp, fields.zp, reading);
  addList('country', rules.country, fields.country, reading);
  addList('external_id', rules.external_id, fields.external_id, reading);
}

function addNames(name: string, reading: Reading): void {
  const parts = splitName(name);
  if (parts === undefined) warnUnusable('name', reading.context);
  if (parts?.first !== undefined) addList('fn', rules.fn, [parts.first], reading);
  if (parts?.last !== undefined) addList('ln', rules.ln, [parts.last], reading);
}

/** Keys of one value that the identity core knows how to write. */
function addSingles(fields: UserDataFields, reading: Reading): void {
  addSingle('fi', rules.fi, fields.fi, reading);
  addSingle('doby', rules.doby, fields.doby, reading);
  addSingle('dobm', rules.dobm, fields.dobm, reading);
  addSingle('dobd', rules.dobd, fields.dobd, reading);
  addSingle('client_ip_address', rules.client_ip_address, fields.client_ip_address, reading);
  addSingle('client_user_agent', rules.client_user_agent, fields.client_user_agent, reading);
  addSingle('fbp', rules.fbp, fields.fbp, reading);
  addSingle('subscription_id', rules.subscription_id, fields.subscription_id, reading);
  addSingle('fb_login_id', rules.fb_login_id, fields.fb_login_id, reading);
  addSingle('anon_id', rules.anon_id, fields.anon_id, reading);
  addSingle('madid', rules.madid, fields.madid, reading);
  addSingle('page_id', rules.page_id, fields.page_id, reading);
  addSingle('page_scoped_user_id', rules.page_scoped_user_id, fields.page_scoped_user_id, reading);
  addSingle('ctwa_clid', rules.ctwa_clid, fields.ctwa_clid, reading);
  addSingle('ig_account_id', rules.ig_account_id, fields.ig_account_id, reading);
  addSingle('ig_sid', rules.ig_sid, fields.ig_sid, reading);
  addSingle(
    'whatsapp_business_account_id',
    rules.whatsapp_business_account_id,
    fields.whatsapp_business_account_id,
    reading,
  );
}

/** Phones, states and postal codes are read by the event's own country, else by the destination's. */
function identityOptions(fields: UserDataFields, { settings, now }: ActionContext): IdentityOptions {
  const { defaultCountry, dateOrder } = settings;
  return { country: countryCode(fields.country?.[0]), defaultCountry, dateOrder, now };
}

function addList(key: IdentifierName, rule: IdentifierField, values: readonly unknown[] | undefined, reading: Reading) {
  if (values === undefined) return;
  if (values.length < 2) {
    const sent = identified(key, rule, values[0], reading);
    if (sent !== undefined) write(reading.data, key, [sent]);
  } else {
    addSeveral(key, values, reading);
  }
}

function addSingle(key: IdentifierName, rule: IdentifierField, value: string | undefined, reading: Reading): void {
  if (value === undefined) return;
  const sent = identified(key, rule, value, reading);
  if (sent !== undefined) write(reading.data, key, sent);
}

function addSeveral(key: IdentifierName, values: readonly unknown[], { data, options, statuses, context }: Reading) {
  const { values: sent, counts } = identifyAll(key, values, options);
  if (counts.junk > 0) warnJunk(key, context);
  if (counts.unusable > 0) warnUnusable(key, context);
  const best = bestFirst.find((status) => counts[status] > 0);
  if (best !== undefined) write(statuses, key, best);
  if (sent.length > 0) write(data, key, sent);
}

const bestFirst = ['hashed', 'passed', 'plain', 'unusable', 'junk'] as const satisfies readonly IdentityStatus[];

function identified(key: IdentifierName, rule: IdentifierField, given: unknown, reading: Reading): string | undefined {
  const { status, value } = identifyBy(rule, given, reading.options);
  if (status === 'missing') return undefined;
  if (status === 'junk') warnJunk(key, reading.context);
  else if (status === 'unusable') warnUnusable(key, reading.context);
  write(reading.statuses, key, status);
  return value;
}

/** `object[key] = value`: every such store is a search, which keys that most events have are spared. */
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

function clickFields({ fbc, fbclid }: UserDataFields, occasion: Occasion, { event }: ActionContext) {
  const { pageUrl, referrer, millis: happened } = occasion;
  const page = isObject(event['context']) ? event['context']['page'] : undefined;
  const search = isObject(page) ? page['search'] : undefined;
  return {
    stored: fbc,
    fbclid,
    pageUrl,
    pageSearch: typeof search === 'string' ? search : undefined,
    referrer,
    happened,
  };
}

function addClick({ status, value }: Click, { data, statuses, context }: Reading): void {
  if (status === 'missing') return;
  if (value !== undefined) data['fbc'] = value;
  else if (status === 'too_old') context.warn(clickTooOld);
  else if (status === 'junk') warnJunk('fbc', context);
  else warnUnusable('fbc', context);
  statuses['fbc'] = status === 'too_old' ? 'unusable' : status;
}

const clickTooOld = {
  code: 'FBC_TOO_OLD',
  field: 'fbc',
  message: 'The click id (fbc) is older than 90 days, after which Meta has no use for it: left out.',
};
