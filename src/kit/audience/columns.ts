import type { AudienceOperation } from '../../core/audience.ts';
import { mostValues } from '../../core/identifier-limits.ts';
import type { IdentifierStatus, IdentifierStatuses } from '../../core/identifiers.ts';
import { isObject } from '../../core/json.ts';
import type { DestinationSettings } from '../../core/settings.ts';
import { readHash } from '../../identity/already-hashed.ts';
import { hashesExternalId } from '../../identity/external-id.ts';
import { identifierField, ruleVersion } from '../../identity/fields.ts';
import { splitName } from '../../identity/full-name.ts';
import { sha256 } from '../../identity/hash.ts';
import type { IdentifierField } from '../../identity/identifier-field.ts';
import { isIdentifier } from '../../identity/identifier-text.ts';
import { hashedAlone, type IdentifiedList, identifyAllBy, normalize } from '../../identity/identify.ts';
import { isJunk } from '../../identity/junk.ts';
import type { IdentityOptions } from '../../identity/options.ts';
import { type ColumnValues, noColumns } from './column-values.ts';
import { type AudienceIdentifier, audienceIdentifiers } from './key-names.ts';

/** What is known of a person, by the names of `audienceIdentifiers` and `db` for a whole birthday. */
export type PersonValues = Readonly<Record<string, unknown>>;

/** How values become cells. */
export interface ColumnOptions extends IdentityOptions {
  readonly audience: true;
  /** false: the values as given, which are hashed but not normalized. */
  readonly format?: boolean | undefined;
}

/** What was found in a person's values besides what is sent. By name of the identifier; the same one twice is once. */
export interface ColumnFindings {
  readonly junk: ReadonlySet<string>;
  readonly unusable: ReadonlySet<string>;
  /** Ids that are e-mail addresses or phone numbers, which are hashed although Meta takes ids as given. */
  readonly concealed: ReadonlySet<string>;
}

export interface Columns extends ColumnFindings {
  readonly columns: ColumnValues;
  readonly statuses: IdentifierStatuses;
}

const none: ReadonlySet<string> = new Set();

const bestFirst = ['hashed', 'passed', 'plain', 'unusable', 'junk'] as const satisfies readonly IdentifierStatus[];

/** The parts of a birthday, where they have no value of their own, and where they are in YYYYMMDD. */
const partsOfBirthday: ReadonlyMap<string, { readonly from: number; readonly to: number }> = new Map([
  ['doby', { from: 0, to: 4 }],
  ['dobm', { from: 4, to: 6 }],
  ['dobd', { from: 6, to: 8 }],
]);

/**
 * The person's values as Meta takes them in audiences: normalized and hashed by the identity core.
 *
 * @param rules By which they are read; absent: the current ones.
 */
export function columnsOf(given: PersonValues, of: ColumnOptions, rules?: RulesOf): Columns {
  const options = rules === undefined || rules === currentRules ? of : { ...of, ...rules };
  const person = options.version === 1 ? given : withNameParts(given);
  const columns = noColumns.slice();
  // Made when they are needed: of most people there is nothing to find.
  let junk: Set<string> | undefined;
  let unusable: Set<string> | undefined;
  let concealed: Set<string> | undefined;
  const birthdays = birthdaysOf(person['db'], options);
  const statuses: Record<string, IdentifierStatus> = isAbsent(person['db']) ? {} : { db: 'unusable' };
  for (const identifier of audienceIdentifiers) {
    const own = person[identifier.name];
    const isPart = own === undefined && partsOfBirthday.has(identifier.name);
    const known = isPart ? birthdays : own;
    if (isAbsent(known)) continue;
    // Nobody has formatted a part that is read off the whole.
    const { values, counts } = isPart
      ? readPart(identifier, birthdays ?? [], options)
      : cellsOf(identifier, known, options);
    if (counts.hashed > 0 && isConcealed(identifier, options))
      concealed = (concealed ?? new Set()).add(identifier.name);
    if (counts.junk > 0) junk = (junk ?? new Set()).add(identifier.name);
    if (counts.unusable > 0) unusable = (unusable ?? new Set()).add(identifier.name);
    if (values.length > 0) columns[identifier.place] = values;
    const status = bestOf(counts);
    if (status !== undefined) statuses[own === undefined ? 'db' : identifier.name] = status;
  }
  if (birthdays === undefined && isGiven(person['db'])) unusable = (unusable ?? new Set()).add('db');
  return { columns, junk: junk ?? none, unusable: unusable ?? none, concealed: concealed ?? none, statuses };
}

function bestOf(counts: IdentifiedList['counts']): IdentifierStatus | undefined {
  for (const status of bestFirst) if (counts[status] > 0) return status;
  return undefined;
}

/** Whether the identifier is hashed only where its value is what nobody may read. */
function isConcealed({ field }: AudienceIdentifier, options: ColumnOptions): boolean {
  return field.asGivenInAudiences && options.hashExternalId !== true;
}

function isGiven(value: unknown): boolean {
  return !isAbsent(value) && String(value).trim() !== '';
}

/** The person with a full name taken apart, where neither part is known. */
function withNameParts(person: PersonValues): PersonValues {
  const { name } = person;
  if (typeof name !== 'string' || !isAbsent(person['fn']) || !isAbsent(person['ln'])) return person;
  const { first, last } = splitName(name) ?? {};
  return { ...person, ...(first !== undefined && { fn: first }), ...(last !== undefined && { ln: last }) };
}

function isTooLong(given: unknown): boolean {
  return Array.isArray(given) && given.length > mostValues;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** By which rules a person is read. */
export type RulesOf = Pick<ColumnOptions, 'version' | 'idsInClear'>;

const currentRules: RulesOf = { version: ruleVersion };
const currentRulesAlone: readonly RulesOf[] = [currentRules];

/**
 * The versions of the rules that a removal is hashed by, the current one first. What an old one sent in the clear is
 * repeated only where the destination asks for it: everybody else would be shown by their removal.
 */
export function versionsOf(operation: AudienceOperation, settings: DestinationSettings): readonly RulesOf[] {
  if (operation !== 'remove') return currentRulesAlone;
  const asked = settings.audiences?.removalVersions;
  const all = Array.from({ length: ruleVersion }, (_, index) => ruleVersion - index);
  const others = (asked ?? all).filter((version) => version < ruleVersion);
  return [currentRules, ...others.map((version) => ({ version, ...(asked !== undefined && { idsInClear: true }) }))];
}

/** The whole dates among what is given for `db`: their parts can be read off them. Texts as YYYYMMDD. */
function birthdaysOf(given: unknown, options: IdentityOptions): readonly unknown[] | undefined {
  if (isAbsent(given) || isTooLong(given)) return undefined;
  const readable: unknown[] = [];
  for (const value of Array.isArray(given) ? given : [given]) {
    const birthday = isObject(value) ? value : birthdayOf(value, options);
    if (birthday !== undefined) readable.push(birthday);
  }
  return readable.length === 0 ? undefined : readable;
}

/** A whole date: the hash of one has no parts, and a lone number would be taken for each of them. */
function birthdayOf(value: unknown, options: IdentityOptions): string | undefined {
  const text = normalize('db', value, options);
  return text === undefined || readHash(text) !== undefined ? undefined : text;
}

function readPart(
  identifier: AudienceIdentifier,
  birthdays: readonly unknown[],
  options: ColumnOptions,
): IdentifiedList {
  const part = partsOfBirthday.get(identifier.name);
  const birthday = birthdays.length === 1 ? birthdays[0] : undefined;
  return typeof birthday === 'string' && part !== undefined
    ? hashedAlone(birthday.slice(part.from, part.to))
    : identifyAllBy(ruleOf(identifier, options), birthdays, options);
}

/** The rule of the asked version. */
function ruleOf({ rule, field }: AudienceIdentifier, { version = ruleVersion }: ColumnOptions): IdentifierField {
  return version === ruleVersion ? field : identifierField(rule, version);
}

function cellsOf(identifier: AudienceIdentifier, given: unknown, options: ColumnOptions): IdentifiedList {
  const { rule, field } = identifier;
  const read = identifyAllBy(ruleOf(identifier, options), given, options);
  const values = options.format === false && !isTooLong(given) ? asGiven(rule, given, options) : read.values;
  if (field.hashed || options.idsInClear === true)
    return values === read.values ? read : { counts: read.counts, values };
  // What Meta takes as it is must not be an address or a number of a phone.
  const { counts } = read;
  const clear = values.filter((value) => !isIdentifier(value));
  const lost = values.length - clear.length;
  if (lost === 0) return { counts, values };
  return { counts: { ...counts, plain: counts.plain - lost, unusable: counts.unusable + lost }, values: clear };
}

/** Values that somebody has formatted already: hashed without a look, or passed on where the column is never hashed. */
function asGiven(rule: string, given: unknown, options: IdentityOptions): readonly string[] {
  const cells = new Set<string>();
  for (const text of textsAsGiven(rule, given)) {
    cells.add(isHashed(rule, text, options) ? (readHash(text.trim())?.hash ?? sha256(text)) : text);
  }
  return [...cells];
}

/** What says nothing at all stays out all the same: it would make one person of many. */
export function textsAsGiven(rule: string, given: unknown): readonly string[] {
  return (Array.isArray(given) ? given : [given]).flatMap((value: unknown) => {
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    const text = String(value);
    return text.trim() === '' || isJunk(text.trim(), identifierField(rule).personName) ? [] : [text];
  });
}

/** Whether a value goes hashed in audiences. */
export function isHashed(rule: string, text: string, options: IdentityOptions): boolean {
  const { hashed, asGivenInAudiences } = identifierField(rule, options.version);
  return hashed && (!asGivenInAudiences || hashesExternalId({ ...options, audience: true }, text));
}
