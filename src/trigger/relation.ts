import { isObject } from '../core/json.ts';
import { compilePredicate } from './compile.ts';
import { createDecider } from './decide.ts';
import { sampleEvents } from './sample-events.ts';
import type { TriggerNode } from './tree.ts';

/**
 * What is certain about the events that two triggers match.
 *
 * - `same`: the same ones. `within`: every event of the first is one of the second. `around`: the other way round.
 * - `overlap`: there is an event that both match. `unknown`: nothing of that is certain, or one matches no event.
 */
export type Relation = 'same' | 'within' | 'around' | 'overlap' | 'unknown';

/** Compares two triggers. Says nothing that does not hold; what it can't decide is `unknown`. */
export function relate(first: TriggerNode, second: TriggerNode): Relation {
  if (!canMatch(first) || !canMatch(second)) return 'unknown';
  const within = implies(first, second);
  const around = implies(second, first);
  if (within && around) return 'same';
  if (within) return 'within';
  if (around) return 'around';
  return haveCommonEvent(first, second) ? 'overlap' : 'unknown';
}

function canMatch(tree: TriggerNode): boolean {
  return createDecider(tree)(tree).canBeTrue;
}

function implies(first: TriggerNode, second: TriggerNode): boolean {
  return !canMatch(bothOf(first, { kind: 'not', operand: second, offset: 0, length: 0 }));
}

/** The trigger that is met where both are. */
export function bothOf(first: TriggerNode, second: TriggerNode): TriggerNode {
  return { kind: 'and', operands: [first, second], offset: 0, length: 0 };
}

function haveCommonEvent(first: TriggerNode, second: TriggerNode): boolean {
  const matches = compilePredicate(bothOf(first, second));
  for (const event of sampleEvents(bothOf(first, second))) if (isObject(event) && matches(event)) return true;
  return false;
}
