import type { Action } from '../core/action.ts';
import type { JsonObject } from '../core/json.ts';
import type { Subscription } from '../core/subscription.ts';
import { mappingPaths } from '../mapping/compile.ts';
import type { TriggerNode } from '../trigger/tree.ts';
import { triggerPaths } from './trigger-paths.ts';

/** Where an event has the record that it came in, if a path asks for it. */
const recordAt = ['context', 'kafka'];
const keyAt = [...recordAt, 'key'];

/** What a subscription wants to know of the record itself. */
export function recordReads(
  action: Action,
  merged: JsonObject,
  conditions: readonly TriggerNode[],
): Pick<Subscription, 'readsRecord' | 'removesByKey'> {
  const mapped = mappingPaths(merged).map(({ path }) => path);
  const paths = [...mapped, ...conditions.flatMap(triggerPaths)];
  if (!namesRecord(paths)) return {};
  const removesByKey = action.definition.audience === true && mapped.some((path) => isBelow(path, keyAt));
  return { readsRecord: true, ...(removesByKey && { removesByKey }) };
}

export function namesRecord(paths: readonly (readonly string[])[]): boolean {
  return paths.some((path) => isBelow(path, recordAt));
}

function isBelow(path: readonly string[], at: readonly string[]): boolean {
  return at.every((key, index) => path[index] === key);
}
