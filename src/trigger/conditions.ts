import { printTrigger } from './print.ts';
import { type CompareNode, childrenOf, type Scalar, type TriggerNode } from './tree.ts';
import { compareValues } from './values.ts';

/** A value for each subject. */
export type Assignment = ReadonlyMap<string, unknown>;

/** The values of a subject that are to be told apart. */
export type Domain = readonly unknown[];

/** A condition that isn't made of others: a test of one subject's value. */
interface Condition {
  /** The printed node whose value is tested; the same text has the same value. Undefined: it depends on no event. */
  readonly subject: string | undefined;
  readonly test: (value: unknown) => boolean;
  /** The literals that the test tells apart. */
  readonly literals: readonly Scalar[];
}

export interface Conditions {
  readonly byNode: ReadonlyMap<TriggerNode, Condition>;
  /** By subject. */
  readonly domains: ReadonlyMap<string, Domain>;
}

/** Equal to nothing that a trigger names, and of no type that it orders. */
const somethingElse: unknown = Object.freeze({});

/** The conditions that a tree is made of, and the values of each subject that matter to them. */
export function conditionsOf(tree: TriggerNode): Conditions {
  const byNode = new Map<TriggerNode, Condition>();
  collect(tree, byNode);
  const literals = new Map<string, Set<Scalar>>();
  for (const condition of byNode.values()) {
    if (condition.subject === undefined) continue;
    const known = literals.get(condition.subject) ?? new Set();
    for (const literal of condition.literals) known.add(literal);
    literals.set(condition.subject, known);
  }
  return { byNode, domains: new Map([...literals].map(([subject, values]) => [subject, domainOf([...values])])) };
}

/** Whether a node is met when its subjects have the values assigned. */
export function holds(node: TriggerNode, assignment: Assignment, conditions: Conditions): boolean {
  const met = (child: TriggerNode): boolean => holds(child, assignment, conditions);
  if (node.kind === 'and') return node.operands.every(met);
  if (node.kind === 'or') return node.operands.some(met);
  if (node.kind === 'not') return !met(node.operand);
  const condition = conditions.byNode.get(node);
  if (condition === undefined) return false;
  return condition.test(condition.subject === undefined ? undefined : assignment.get(condition.subject));
}

function collect(node: TriggerNode, byNode: Map<TriggerNode, Condition>): void {
  if (node.kind === 'and' || node.kind === 'or' || node.kind === 'not') {
    for (const child of childrenOf(node)) collect(child, byNode);
  } else byNode.set(node, conditionOf(node));
}

function conditionOf(node: TriggerNode): Condition {
  if (node.kind === 'literal') return { subject: undefined, test: () => node.value === true, literals: [] };
  if (node.kind === 'list') return { subject: undefined, test: () => false, literals: [] };
  if (node.kind === 'compare') {
    const comparison = comparisonOf(node);
    if (comparison !== undefined) return comparison;
  }
  return { subject: printTrigger(node), test: (value) => value === true, literals: [true] };
}

/** A comparison of one subject with literals; undefined for any other, which is taken as one opaque condition. */
function comparisonOf({ operator, left, right }: CompareNode): Condition | undefined {
  if (right.kind === 'literal') {
    const { value: literal } = right;
    return { ...subjectOf(left), test: (value) => compareValues(operator, value, literal), literals: [literal] };
  }
  if (operator === 'in') {
    const items = scalarsOf(right);
    return items && { ...subjectOf(left), test: (value) => compareValues('in', value, items), literals: items };
  }
  if (left.kind !== 'literal') return undefined;
  const { value: literal } = left;
  return { ...subjectOf(right), test: (value) => compareValues(operator, literal, value), literals: [literal] };
}

function subjectOf(node: TriggerNode): { readonly subject: string } {
  return { subject: printTrigger(node) };
}

function scalarsOf(node: TriggerNode): readonly Scalar[] | undefined {
  if (node.kind !== 'list' || !node.items.every((item) => item.kind === 'literal')) return undefined;
  return node.items.map((item) => item.value);
}

/** Every literal, one value from each gap between and beside the numbers, and one that is none of these. */
function domainOf(literals: readonly Scalar[]): Domain {
  const numbers = literals.filter((value) => typeof value === 'number').sort((left, right) => left - right);
  const gaps = numbers.map((number, index) => {
    const next = numbers[index + 1] ?? Number.POSITIVE_INFINITY;
    return Number.isFinite(next) ? number / 2 + next / 2 : next;
  });
  return [...literals, ...(numbers.length > 0 ? [Number.NEGATIVE_INFINITY, ...gaps] : []), somethingElse];
}
