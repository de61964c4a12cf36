import { type Assignment, type Conditions, conditionsOf, type Domain, holds } from './conditions.ts';
import { childrenOf, type TriggerNode } from './tree.ts';

/** Whether a condition can come out true and whether it can come out false, over all events. */
export interface Outcomes {
  readonly canBeTrue: boolean;
  readonly canBeFalse: boolean;
}

/** Decides as long as the steps last; then every condition is taken to be open, which raises no alarm. */
interface Budget {
  steps: number;
}

const open: Outcomes = { canBeTrue: true, canBeFalse: true };
const maxAssignments = 2_048;
const maxSteps = 2_000_000;

/**
 * A decider for the nodes of a tree. It tries every distinct case of the values that the conditions compare (each
 * literal, and what lies between and beside them), so when it says that a condition can't be true, no event makes it
 * true. The reverse doesn't hold: that `contains(x, "ab")` implies `contains(x, "a")` is beyond it.
 */
export function createDecider(tree: TriggerNode): (node: TriggerNode) => Outcomes {
  const conditions = conditionsOf(tree);
  const budget: Budget = { steps: maxSteps };
  return (node) => decide(node, conditions, budget);
}

function decide(node: TriggerNode, conditions: Conditions, budget: Budget): Outcomes {
  if (node.kind === 'not') {
    const { canBeTrue, canBeFalse } = decide(node.operand, conditions, budget);
    return { canBeTrue: canBeFalse, canBeFalse: canBeTrue };
  }
  if (node.kind !== 'and' && node.kind !== 'or') return tryAll(node.kind, [node], conditions, budget);
  const outcomes = groupBySubject(node.operands, conditions).map((group) => {
    const [only] = group;
    return group.length === 1 && only !== undefined
      ? decide(only, conditions, budget)
      : tryAll(node.kind, group, conditions, budget);
  });
  const isAnd = node.kind === 'and';
  return {
    canBeTrue: isAnd ? outcomes.every((each) => each.canBeTrue) : outcomes.some((each) => each.canBeTrue),
    canBeFalse: isAnd ? outcomes.some((each) => each.canBeFalse) : outcomes.every((each) => each.canBeFalse),
  };
}

interface Group {
  readonly subjects: string[];
  readonly members: TriggerNode[];
}

/** Operands that share no subject can't influence each other: each group is decided by itself. */
function groupBySubject(operands: readonly TriggerNode[], conditions: Conditions): readonly TriggerNode[][] {
  const groups = new Set<Group>();
  const groupOf = new Map<string, Group>();
  for (const operand of operands) {
    const subjects = [...subjectsOf(operand, conditions)];
    const touched = new Set(subjects.flatMap((subject) => groupOf.get(subject) ?? []));
    const [group = { subjects: [], members: [] }, ...others] = touched;
    groups.add(group);
    for (const other of others) {
      groups.delete(other);
      subjects.push(...other.subjects);
      group.members.push(...other.members);
    }
    group.members.push(operand);
    group.subjects.push(...subjects);
    for (const subject of subjects) groupOf.set(subject, group);
  }
  return [...groups].map(({ members }) => members);
}

function subjectsOf(node: TriggerNode, conditions: Conditions): ReadonlySet<string> {
  const condition = conditions.byNode.get(node);
  if (condition !== undefined) return new Set(condition.subject === undefined ? [] : [condition.subject]);
  const subjects = new Set<string>();
  for (const child of childrenOf(node)) for (const subject of subjectsOf(child, conditions)) subjects.add(subject);
  return subjects;
}

/** Evaluates operands, joined by "and" or "or", on every case of their subjects' values. */
function tryAll(
  kind: TriggerNode['kind'],
  operands: readonly TriggerNode[],
  conditions: Conditions,
  budget: Budget,
): Outcomes {
  const subjects = new Set(operands.flatMap((operand) => [...subjectsOf(operand, conditions)]));
  const domains = [...subjects].map((subject): readonly [string, Domain] => [
    subject,
    conditions.domains.get(subject) ?? [],
  ]);
  const cases = domains.reduce((product, [, values]) => product * values.length, 1);
  if (cases > maxAssignments) return open;
  const stepsOfCase = countConditions(operands);
  let canBeTrue = false;
  let canBeFalse = false;
  for (let index = 0; index < cases && !(canBeTrue && canBeFalse); index += 1) {
    budget.steps -= stepsOfCase;
    if (budget.steps < 0) return open;
    const assignment = assignmentAt(domains, index);
    const met = (operand: TriggerNode): boolean => holds(operand, assignment, conditions);
    if (kind === 'or' ? operands.some(met) : operands.every(met)) canBeTrue = true;
    else canBeFalse = true;
  }
  return { canBeTrue, canBeFalse };
}

function countConditions(operands: readonly TriggerNode[]): number {
  return operands.reduce((count, operand) => count + 1 + countConditions(childrenOf(operand)), 0);
}

function assignmentAt(domains: readonly (readonly [string, Domain])[], index: number): Assignment {
  const assignment = new Map<string, unknown>();
  let rest = index;
  for (const [subject, values] of domains) {
    assignment.set(subject, values[rest % values.length]);
    rest = Math.floor(rest / values.length);
  }
  return assignment;
}
