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

/**
 * What may be shown of the value at a path: the value itself (the same object), or something in place of what is
 * nobody's business.
 */
export type Show = (keys: readonly string[], value: unknown) => unknown;

/** Stands for a value that isn't shown. */
export const hiddenValue = '[hidden]';

/**
 * Evaluates a trigger and tells what each node saw. For people: to select events, compile the trigger. What `show`
 * keeps back is not in the trace; it counts in the evaluation all the same.
 */
export function traceTrigger(tree: TriggerNode, event: unknown, show: Show = showAll): TriggerTrace {
  return visit(tree, event, show).trace;
}

const showAll: Show = (_keys, value) => value;

/** A node's trace, the value that it really has, and whether the trace shows another. */
interface Visit {
  readonly trace: TriggerTrace;
  readonly value: unknown;
  readonly isHidden: boolean;
}

function visit(tree: TriggerNode, event: unknown, show: Show): Visit {
  switch (tree.kind) {
    case 'literal':
      return leaf(tree, tree.value, tree.value);
    case 'path': {
      const value = readPath(event, tree.keys);
      return leaf(tree, value, show(tree.keys, value));
    }
    case 'and':
    case 'or':
    case 'not':
      return visitLogic(tree, event, show);
    default:
      return visitOperation(tree, event, show);
  }
}

function leaf(tree: TriggerNode, value: unknown, shown: unknown): Visit {
  const trace = { kind: tree.kind, text: printTrigger(tree), matched: value === true, value: shown };
  return { trace, value, isHidden: shown !== value };
}

function visitLogic(tree: TriggerNode & { readonly kind: 'and' | 'or' | 'not' }, event: unknown, show: Show): Visit {
  const parts = childrenOf(tree).map((child) => visit(child, event, show).trace);
  const matched = {
    and: () => parts.every((part) => part.matched),
    or: () => parts.some((part) => part.matched),
    not: () => !parts.some((part) => part.matched),
  }[tree.kind]();
  return {
    trace: { kind: tree.kind, text: tree.kind, matched, value: matched, parts },
    value: matched,
    isHidden: false,
  };
}

function visitOperation(
  tree: TriggerNode & { readonly kind: 'list' | 'call' | 'compare' },
  event: unknown,
  show: Show,
): Visit {
  const operands = childrenOf(tree).map((child) => visit(child, event, show));
  const value = evaluate(
    tree,
    operands.map((operand) => operand.value),
  );
  const saw = operands.map(({ trace }) => trace.value);
  const isHidden = operands.some((operand) => operand.isHidden) && tellsOperands(tree, value);
  const shown = tree.kind === 'list' ? saw : hiddenValue;
  const parts = operands.map(({ trace }) => trace).filter(({ kind, parts: inner }) => !isPlain(kind) || inner);
  const trace: TriggerTrace = {
    kind: tree.kind,
    text: printTrigger(tree),
    matched: value === true,
    value: isHidden ? shown : value,
    ...(tree.kind === 'compare' ? { operator: tree.operator } : {}),
    ...(tree.kind === 'list' ? {} : { saw }),
    ...(parts.length === 0 ? {} : { parts }),
  };
  return { trace, value, isHidden };
}

/** A text or number made of a value may be as telling as the value; its type and its length are not. */
function tellsOperands(tree: TriggerNode, value: unknown): boolean {
  if (tree.kind === 'list') return true;
  if (tree.kind === 'call' && (tree.name === 'length' || tree.name === 'typeof')) return false;
  return typeof value === 'string' || typeof value === 'number';
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
