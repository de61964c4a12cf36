import { checkFields } from '../config/check-fields.ts';
import { hideTokens } from '../config/hide-secrets.ts';
import type { Action } from '../core/action.ts';
import { isObject, type JsonObject, own } from '../core/json.ts';
import { isDirective } from '../mapping/values/directive.ts';
import { parseTrigger } from '../trigger/parse.ts';
import type { TriggerNode } from '../trigger/tree.ts';
import type { Keys } from './input.ts';
import type { Ledger } from './ledger.ts';
import { reasons } from './reasons.ts';

/** What the fields of a mapping came from: the setting to name when a field can't be used. */
export type Origins = ReadonlyMap<string, Keys>;

/** The mapping without the fields that the action can't take; each of those needs a decision. */
export function validMapping(mapping: JsonObject, action: Action, origins: Origins, ledger: Ledger): JsonObject {
  let valid = mapping;
  for (const field of Object.keys(mapping)) {
    const path = origins.get(field);
    if (!holdsToken(mapping[field])) continue;
    valid = without(valid, field);
    if (path !== undefined) ledger.decision(path, reasons.clearSecret);
  }
  for (const { severity, path, message } of checkFields(valid, action, undefined)) {
    const field = String(path?.[0] ?? '');
    if (severity !== 'error' || !Object.hasOwn(valid, field)) continue;
    valid = without(valid, field);
    const origin = origins.get(field);
    if (origin !== undefined) ledger.decision(origin, reasons.badMapping, { detail: `${hideTokens(message)}.` });
  }
  return valid;
}

/** The tree of a trigger; undefined when it isn't one, which needs a decision. */
export function validTrigger(text: string, path: Keys, ledger: Ledger): TriggerNode | undefined {
  const parsed = parseTrigger(text);
  if ('tree' in parsed) return parsed.tree;
  const [mistake] = parsed.diagnostics;
  ledger.decision(path, reasons.badTrigger, { detail: `${hideTokens(mistake?.message ?? 'it is empty')}.` });
  return undefined;
}

/** Whether a text in it is an access token by its looks. */
function holdsToken(value: unknown): boolean {
  if (typeof value === 'string') return hideTokens(value) !== value;
  if (Array.isArray(value)) return value.some(holdsToken);
  return (
    isObject(value) && Object.entries(value).some(([key, member]) => hideTokens(key) !== key || holdsToken(member))
  );
}

function without(mapping: JsonObject, field: string): JsonObject {
  return Object.fromEntries(Object.entries(mapping).filter(([key]) => key !== field));
}

/**
 * The mapping with null for each field that has a default here and nothing there, also for members of an object: what the
 * other product didn't send is not sent. Fields in `keep` are left as they are.
 */
export function withoutDefaults(mapping: JsonObject, action: Action, keep: readonly string[]): JsonObject {
  const filled: Record<string, unknown> = { ...mapping };
  for (const [name, field] of Object.entries(action.definition.fields)) {
    if (field.default === undefined || keep.includes(name)) continue;
    const given = own(mapping, name);
    if (given === undefined) filled[name] = null;
    else if (isMembers(given) && isMembers(field.default)) {
      const absent = Object.keys(field.default).filter((key) => !Object.hasOwn(given, key));
      filled[name] = { ...given, ...Object.fromEntries(absent.map((key) => [key, null])) };
    }
  }
  return filled;
}

function isMembers(value: unknown): value is JsonObject {
  return !isDirective(value) && isObject(value);
}
