import type { ActionContext } from '../../core/action.ts';
import type { IdentifierStatus } from '../../core/identifiers.ts';
import { isObject } from '../../core/json.ts';
import { type Click, type ClickEvidence, clickOf } from '../../identity/click-id.ts';
import { countryCode } from '../../identity/country.ts';
import { identifierFields as rules } from '../../identity/fields.ts';
import { splitName } from '../../identity/full-name.ts';
import type { IdentifierField } from '../../identity/identifier-field.ts';
import { type IdentityStatus, identifyAll, identifyBy } from '../../identity/identify.ts';
import type { IdentityOptions } from '../../identity/options.ts';
import { type UserDataFields, userDataFields } from './fields/user-data.ts';
import { type IdentifierTargets, identifierWriters } from './identifier-writers.ts';
import { clearId } from './in-the-clear.ts';

/** Every key of `user_data` that has a field of its own. */
export const userDataKeys: ReadonlySet<string> = new Set(Object.keys(userDataFields));

/**
 * No rule is known for the two that partners of Meta send, and two are read into others; every other field has one,
 * which tsc checks.
 */
type ReadByRule = Exclude<keyof typeof userDataFields, 'partner_id' | 'partner_name' | 'name' | 'fbclid'>;
const rulesByField: Readonly<Record<ReadByRule, IdentifierField>> = rules;

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

/** What reading the fields needs besides their values. */
interface Reading extends IdentifierTargets {
  readonly data: UserData;
  readonly options: IdentityOptions;
  readonly statuses: Statuses;
  readonly context: ActionContext;
  status: IdentifierStatus | undefined;
}

/** Fields with a part of their own in what follows. */
const readApart: ReadonlySet<string> = new Set(['fbc', 'lead_id']);
const fieldsByRule = Object.keys(rulesByField).filter((name) => !readApart.has(name)) as readonly ReadByRule[];
const isMultiple = (name: ReadByRule) => 'multiple' in userDataFields[name];

/** Keys that may hold several values: sent as lists, also for one value, as Meta's examples do. */
const addLists = identifierWriters(rulesByField, fieldsByRule.filter(isMultiple), readList);
const addParts = identifierWriters(rulesByField, ['fn', 'ln'], readList);
/** Keys of one value. */
const addSingles = identifierWriters(
  rulesByField,
  fieldsByRule.filter((name) => !isMultiple(name)),
  readSingle,
);

/**
 * Adds the identifiers as Meta takes them: normalized and hashed by the identity core, what is unusable left out with
 * a warning. (The lead id is in lead-id.ts.) Returns what became of each field that has a
 * value.
 */
export function addIdentifiers(
  data: UserData,
  fields: UserDataFields,
  occasion: Occasion,
  context: ActionContext,
): Statuses {
  const reading: Reading = {
    data,
    options: identityOptions(fields, context),
    statuses: {},
    context,
    status: undefined,
  };
  addLists(fields, reading);
  if (fields.name !== undefined && fields.fn === undefined && fields.ln === undefined) addNames(fields.name, reading);
  addSingles(fields, reading);
  addPartner(data, 'partner_id', fields.partner_id, context);
  addPartner(data, 'partner_name', fields.partner_name, context);
  addClick(clickOf(clickEvidence(fields, occasion, context)), reading);
  return reading.statuses;
}

/** The parts of a full name, where neither is known by itself. */
function addNames(name: string, reading: Reading): void {
  const parts = splitName(name);
  if (parts === undefined) warnUnusable('name', reading.context);
  const { first, last } = parts ?? {};
  addParts({ ...(first !== undefined && { fn: [first] }), ...(last !== undefined && { ln: [last] }) }, reading);
}

/** Phones, states and postal codes are read by the event's own country, else by the destination's. */
function identityOptions(fields: UserDataFields, { settings, now }: ActionContext): IdentityOptions {
  const { defaultCountry, dateOrder } = settings;
  return { country: countryCode(fields.country?.[0]), defaultCountry, dateOrder, now };
}

function readList(key: string, rule: IdentifierField, given: unknown, reading: Reading): readonly string[] | undefined {
  const values = given as readonly unknown[];
  if (values.length > 1) return readSeveral(key, values, reading);
  const sent = readSingle(key, rule, values[0], reading);
  return sent === undefined ? undefined : [sent];
}

function readSeveral(key: string, values: readonly unknown[], reading: Reading): readonly string[] | undefined {
  const { values: sent, counts } = identifyAll(key, values, optionsOf(key, reading));
  if (counts.junk > 0) warnJunk(key, reading.context);
  if (counts.unusable > 0) warnUnusable(key, reading.context);
  reading.status = bestFirst.find((status) => counts[status] > 0);
  return sent.length > 0 ? sent : undefined;
}

const bestFirst = ['hashed', 'passed', 'plain', 'unusable', 'junk'] as const satisfies readonly IdentityStatus[];

function readSingle(key: string, rule: IdentifierField, given: unknown, reading: Reading): string | undefined {
  const { status, value } = identifyBy(rule, given, optionsOf(key, reading));
  reading.status = status === 'missing' ? undefined : status;
  if (status === 'junk') warnJunk(key, reading.context);
  else if (status === 'unusable') warnUnusable(key, reading.context);
  // What Meta takes as it is must not be an address or a number of a phone.
  if (status !== 'plain' || value === undefined || key === 'client_ip_address') return value;
  const clear = clearId(key, value, reading.context);
  if (clear === undefined) reading.status = 'unusable';
  return clear;
}

/** An external id that is sent as it is, on purpose, is what audiences have too: not hashed, and as given. */
function optionsOf(key: string, { options, context }: Reading): IdentityOptions {
  return key === 'external_id' && context.inTheClear.has(key)
    ? { ...options, audience: true, idsInClear: true }
    : options;
}

function addPartner(data: UserData, key: string, value: string | undefined, context: ActionContext): void {
  const clear = value === undefined ? undefined : clearId(key, value, context);
  if (clear !== undefined) data[key] = clear;
}

function warnJunk(field: string, context: ActionContext): void {
  const message = `${field} holds a filler such as "-" or "n/a", which identifies nobody: left out.`;
  context.warn({ code: 'IDENTIFIER_JUNK', field, message });
}

function warnUnusable(field: string, context: ActionContext): void {
  context.warn({ code: 'IDENTIFIER_UNUSABLE', field, message: `${field} can't be read as what it is: left out.` });
}

function clickEvidence(
  { fbc, fbclid }: UserDataFields,
  { pageUrl, referrer, millis: happened }: Occasion,
  { event, now }: ActionContext,
): ClickEvidence {
  const page = isObject(event['context']) ? event['context']['page'] : undefined;
  const search = isObject(page) ? page['search'] : undefined;
  return {
    stored: fbc,
    fbclid,
    pageUrl,
    pageSearch: typeof search === 'string' ? search : undefined,
    referrer,
    happened,
    now,
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
