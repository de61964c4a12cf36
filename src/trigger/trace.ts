import { triggerFunctions } from './functions.ts';
import { matchGlob } from './glob.ts';
import { printTrigger } from './print.ts';
import { type CallNode, type ComparisonOperator, childrenOf, type TriggerNode } from './tree.ts';
import { compareValues, readPath } from './values.ts';

/** How a trigger came out for one event, node by node. A JSON value, as long as the event is one. */
export interface TriggerTrace {
  readonly kind: TriggerNode['kind'];
  /** The node as it is written; for `and`, `or` and `not` that word, since their parts follow. */
  readonly text: string;
  /** True when the node, taken as a condition, is met. */
  readonly matched: boolean;
  /** What the node gave: a condition true or false, a path its value (null when it isn't there), a call its result. */
  readonly value: unknown;
  /** The values that a comparison (left, right) or a call (its arguments) saw. */
  readonly saw?: readonly unknown[];
  /** Of a comparison. */
  readonly operator?: ComparisonOperator;
  /** Traces of the nodes under this one, literals and paths aside. All are evaluated, also where one decides alone. */
  readonly parts?: readonly TriggerTrace[];
}

/** Evaluates a trigger and tells what each node saw. For people: to select events, compile the trigger. */
export function traceTrigger(tree: TriggerNode, event: unknown): TriggerTrace {
  switch (tree.kind) {
    case 'literal':
      return leaf(tree, tree.value);
    case 'path':
      return leaf(tree, readPath(event, tree.keys));
    case 'and':
    case 'or':
    case 'not':
      return traceLogic(tree, event);
    default:
      return traceOperation(tree, event);
  }
}

function leaf(tree: TriggerNode, value: unknown): TriggerTrace {
  return { kind: tree.kind, text: printTrigger(tree), matched: value === true, value };
}

function traceLogic(tree: TriggerNode & { readonly kind: 'and' | 'or' | 'not' }, event: unknown): TriggerTrace {
  const parts = childrenOf(tree).map((child) => traceTrigger(child, event));
  const matched = {
    and: () => parts.every((part) => part.matched),
    or: () => parts.some((part) => part.matched),
    not: () => !parts.some((part) => part.matched),
  }[tree.kind]();
  return { kind: tree.kind, text: tree.kind, matched, value: matched, parts };
}

function traceOperation(
  tree: TriggerNode & { readonly kind: 'list' | 'call' | 'compare' },
  event: unknown,
): TriggerTrace {
  const operands = childrenOf(tree).map((child) => traceTrigger(child, event));
  const saw = operands.map((operand) => operand.value);
  const value = evaluate(tree, saw);
  const parts = operands.filter(({ kind, parts: inner }) => !isPlain(kind) || inner !== undefined);
  return {
    kind: tree.kind,
    text: printTrigger(tree),
    matched: value === true,
    value,
    ...(tree.kind === 'compare' ? { operator: tree.operator } : {}),
    ...(tree.kind === 'list' ? {} : { saw }),
    ...(parts.length === 0 ? {} : { parts }),
  };
}

/** A list of literals is as plain as a literal. */
function isPlain(kind: TriggerNode['kind']): boolean {
  return kind === 'literal' || kind === 'path' || kind === 'list';
}

function evaluate(
  tree: TriggerNode & { readonly kind: 'list' | 'call' | 'compare' },
  saw: readonly unknown[],
): unknown {
  if (tree.kind === 'list') return saw;
  if (tree.kind === 'compare') return compareValues(tree.operator, saw[0], saw[1]);
  return evaluateCall(tree, saw);
}

function evaluateCall(tree: CallNode, [first, second]: readonly unknown[]): unknown {
  const isWritten = tree.args[1]?.kind === 'literal';
  if (tree.name === 'match' && isWritten && typeof first === 'string' && typeof second === 'string') {
    return matchGlob(second, first);
  }
  return triggerFunctions[tree.name](first, second);
}
