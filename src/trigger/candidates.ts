import { literalOfGlob } from './glob.ts';
import { type CompareNode, childrenOf, type TriggerNode } from './tree.ts';

/** Values outside of which a trigger can't match; undefined: any value, of any type. */
export interface TriggerCandidates {
  readonly types?: readonly string[];
  readonly events?: readonly string[];
}

type Values = ReadonlySet<string> | undefined;

interface Reach {
  readonly types: Values;
  readonly events: Values;
}

const anything: Reach = { types: undefined, events: undefined };
const nothing: Reach = { types: new Set(), events: new Set() };

/**
 * The values of `type` and `event` outside of which a trigger is false: an event with another value needs no test. Both
 * are empty when the trigger is seen to match nothing.
 */
export function triggerCandidates(tree: TriggerNode): TriggerCandidates {
  const { types, events } = reach(tree, true);
  return {
    ...(types === undefined ? {} : { types: [...types] }),
    ...(events === undefined ? {} : { events: [...events] }),
  };
}

/** Where a condition may come out as `wanted`; too much is allowed, too little never. */
function reach(node: TriggerNode, wanted: boolean): Reach {
  switch (node.kind) {
    case 'literal':
      return (node.value === true) === wanted ? anything : nothing;
    case 'list':
      return wanted ? nothing : anything;
    case 'not':
      return reach(node.operand, !wanted);
    case 'and':
    case 'or': {
      const parts = node.operands.map((operand) => reach(operand, wanted));
      return (node.kind === 'and') === wanted ? parts.reduce(both) : anyOf(parts);
    }
    case 'compare':
      return reachOfComparison(node, wanted);
    case 'call': {
      const [subject, pattern] = childrenOf(node);
      if (!wanted || node.name !== 'match' || subject === undefined || pattern === undefined) return anything;
      return limitedTo(subject, exactTexts(pattern));
    }
    case 'path':
      return anything;
  }
}

function exactTexts(pattern: TriggerNode): Values {
  if (pattern.kind !== 'literal' || typeof pattern.value !== 'string') return undefined;
  const text = literalOfGlob(pattern.value);
  return text === undefined ? undefined : new Set([text]);
}

function reachOfComparison({ operator, left, right }: CompareNode, wanted: boolean): Reach {
  if (operator === 'in') return wanted ? limitedTo(left, textsOfList(right)) : anything;
  if (operator !== (wanted ? '=' : '!=')) return anything;
  return both(limitedTo(left, textOf(right)), limitedTo(right, textOf(left)));
}

function textOf(node: TriggerNode): Values {
  return node.kind === 'literal' && typeof node.value === 'string' ? new Set([node.value]) : undefined;
}

/** Undefined unless every item is a text: `null` in the list lets an event without the field pass. */
function textsOfList(list: TriggerNode): Values {
  if (list.kind !== 'list') return undefined;
  const texts = new Set<string>();
  for (const item of list.items) {
    if (item.kind !== 'literal' || typeof item.value !== 'string') return undefined;
    texts.add(item.value);
  }
  return texts;
}

function limitedTo(subject: TriggerNode, values: Values): Reach {
  if (values === undefined || subject.kind !== 'path' || subject.keys.length !== 1) return anything;
  if (subject.keys[0] === 'type') return settled({ types: values, events: undefined });
  if (subject.keys[0] === 'event') return settled({ types: undefined, events: values });
  return anything;
}

function both(left: Reach, right: Reach): Reach {
  return settled({ types: common(left.types, right.types), events: common(left.events, right.events) });
}

function anyOf(parts: readonly Reach[]): Reach {
  const possible = parts.filter((part) => part !== nothing);
  if (possible.length === 0) return nothing;
  return { types: joined(possible.map((part) => part.types)), events: joined(possible.map((part) => part.events)) };
}

/** A condition with no possible type, or no possible event, is never met. */
function settled(limits: Reach): Reach {
  return limits.types?.size === 0 || limits.events?.size === 0 ? nothing : limits;
}

function common(left: Values, right: Values): Values {
  if (left === undefined) return right;
  return right === undefined ? left : new Set([...left].filter((text) => right.has(text)));
}

function joined(parts: readonly Values[]): Values {
  const texts = new Set<string>();
  for (const part of parts) {
    if (part === undefined) return undefined;
    for (const text of part) texts.add(text);
  }
  return texts;
}
