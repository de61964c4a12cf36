import { mergedMapping } from '../config/mapping-merge.ts';
import type { ConfiguredSubscription } from '../config/subscription.ts';
import type { AnalyticsEvent } from '../core/event.ts';
import { isObject, type JsonObject, own } from '../core/json.ts';
import type { DestinationSettings } from '../core/settings.ts';
import { identifierFields } from '../identity/fields.ts';
import { splitName } from '../identity/full-name.ts';
import { normalize } from '../identity/identify.ts';
import { textsAsGiven } from '../kit/audience/columns.ts';
import { listUser } from '../kit/audience/list-user.ts';
import { mappingPaths } from '../mapping/compile.ts';
import { hiddenValue, type Show } from '../trigger/trace.ts';

/** Where a field's value came from; `both`: an object whose members were overridden one by one. */
export interface ExplainedField {
  readonly from: 'default' | 'mapping' | 'both';
  /** Absent: the mapping found nothing that can be used. */
  readonly value?: unknown;
}

export type ExplainedFields = Readonly<Record<string, ExplainedField>>;

/** Paths of the event that a subscription reads into fields that identify a person. */
export function identifyingPaths({ action, mapping }: ConfiguredSubscription): readonly (readonly string[])[] {
  const { fields } = action.definition;
  const merged = Object.entries(mergedMapping(action.definition, mapping));
  const identifying = merged.filter(([name]) => fields[name]?.identifier === true);
  return mappingPaths(Object.fromEntries(identifying)).map(({ path }) => path);
}

/**
 * The fields that have a value, as the action gets them, and those that the file maps and that have none. `show` keeps
 * back what identifies a person; undefined shows everything.
 */
export function explainFields(
  { action, mapping, resolve }: ConfiguredSubscription,
  event: AnalyticsEvent,
  show: Show | undefined,
): ExplainedFields {
  const mapped = resolve(event);
  const { fields } = action.parse(mapped);
  const explained: Record<string, ExplainedField> = {};
  for (const [name, definition] of Object.entries(action.definition.fields)) {
    const from = originOf(name, mapping, definition.default);
    // A time is milliseconds once it is read, which people can't read.
    const value = own(fields, name) === undefined || definition.type !== 'datetime' ? own(fields, name) : mapped[name];
    if (from === 'default' && value === undefined) continue;
    const isHidden = show !== undefined && definition.identifier === true && value !== undefined;
    const shown = isHidden ? hiddenValue : (show?.([name], value) ?? value);
    explained[name] = { from, ...(shown !== undefined && { value: shown }) };
  }
  return explained;
}

function originOf(name: string, mapping: JsonObject, byDefault: unknown): ExplainedField['from'] {
  const given = own(mapping, name);
  if (given === undefined) return 'default';
  return isPlain(given) && isPlain(byDefault) ? 'both' : 'mapping';
}

function isPlain(value: unknown): boolean {
  return isObject(value) && !Object.keys(value).some((key) => key.startsWith('@'));
}

/** The normalized values, by field, of which hashes are sent; of a list of users by entry and field. */
export function valuesBeforeHashing(
  { action, resolve, inTheClear }: ConfiguredSubscription,
  event: AnalyticsEvent,
  settings: DestinationSettings,
  now: number,
): Readonly<Record<string, readonly string[]>> {
  const { fields } = action.parse(resolve(event));
  const idsInClear = !settings.stripIdentifiers || inTheClear.has('external_id');
  const { audience } = action.definition;
  const asGiven = audience === true && own(fields, 'format') === false;
  const options = { settings, now, audience, idsInClear, asGiven };
  const values: Record<string, readonly string[]> = { ...normalizedOf(fields, options) };
  for (const list of lists) {
    const users = own(fields, list);
    if (!Array.isArray(users) || !Object.hasOwn(action.definition.fields, 'users_add')) continue;
    for (const [at, user] of users.slice(0, mostShown).entries()) {
      if (!isObject(user)) continue;
      const ofUser = normalizedOf(listUser(user, undefined).person, options);
      for (const [field, normalized] of Object.entries(ofUser)) values[`${list}[${at}].${field}`] = normalized;
    }
  }
  return values;
}

/** Fields that hold lists of users. */
const lists = ['users_add', 'users_remove', 'users'] as const;
const mostShown = 100;

interface Reading {
  readonly settings: DestinationSettings;
  readonly now: number;
  readonly audience: true | undefined;
  readonly idsInClear: boolean;
  /** The values are hashed as they are, but for a whole birthday, which is sent in parts. */
  readonly asGiven: boolean;
}

function normalizedOf(
  person: JsonObject,
  { settings, now, audience, idsInClear, asGiven }: Reading,
): Readonly<Record<string, readonly string[]>> {
  const options = {
    country: listOf(own(person, 'country')).map(String)[0],
    defaultCountry: settings.defaultCountry,
    dateOrder: settings.dateOrder,
    audience,
    idsInClear,
    hashExternalId: settings.audiences?.hashExternalId,
    now,
  };
  const names = namesOf(person);
  const values: Record<string, readonly string[]> = {};
  for (const [field, rule] of Object.entries(identifierFields)) {
    const given = own(person, field) ?? own(names, field);
    if (!rule.hashed || given === undefined) continue;
    const normalized =
      asGiven && field !== 'db'
        ? textsAsGiven(field, given)
        : listOf(given).flatMap((value) => normalize(field, value, options) ?? []);
    if (normalized.length > 0) values[field] = [...new Set(normalized)];
  }
  return values;
}

/** The parts of a full name, where neither has a field of its own. */
function namesOf(fields: JsonObject): JsonObject {
  const name = own(fields, 'name');
  if (typeof name !== 'string' || own(fields, 'fn') !== undefined || own(fields, 'ln') !== undefined) return {};
  const { first, last } = splitName(name) ?? {};
  return { fn: first, ln: last };
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
