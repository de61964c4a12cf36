import { mergedMapping } from '../../config/mapping-merge.ts';
import type { ConfiguredSubscription } from '../../config/subscription.ts';
import type { AnalyticsEvent } from '../../core/event.ts';
import { isObject, type JsonObject, own } from '../../core/json.ts';
import type { DestinationSettings } from '../../core/settings.ts';
import { identifierFields } from '../../identity/fields.ts';
import { splitName } from '../../identity/full-name.ts';
import { normalize } from '../../identity/identify.ts';
import { mappingPaths } from '../../mapping/compile.ts';
import { hiddenValue, type Show } from '../../trigger/trace.ts';

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
    // A time is milliseconds once it is read, which nobody can.
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

/** The normalized values, by field, of which hashes are sent. */
export function valuesBeforeHashing(
  { action, resolve }: ConfiguredSubscription,
  event: AnalyticsEvent,
  settings: DestinationSettings,
  now: number,
): Readonly<Record<string, readonly string[]>> {
  const { fields } = action.parse(resolve(event));
  const countries = listOf(own(fields, 'country'));
  const options = {
    country: countries.map(String)[0],
    defaultCountry: settings.defaultCountry,
    dateOrder: settings.dateOrder,
    audience: action.definition.audience,
    hashExternalId: settings.audiences?.hashExternalId,
    now,
  };
  const names = namesOf(fields);
  const values: Record<string, readonly string[]> = {};
  for (const [field, rule] of Object.entries(identifierFields)) {
    const given = own(fields, field) ?? own(names, field);
    if (!rule.hashed || given === undefined) continue;
    const normalized = listOf(given).flatMap((value) => normalize(field, value, options) ?? []);
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
