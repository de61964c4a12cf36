import type { CompareNode, ListNode, Scalar, TriggerNode } from './tree.ts';
import { compareValues, equalValues } from './values.ts';

type Reader = (event: unknown) => unknown;
type Predicate = (event: unknown) => boolean;

/** A comparison as a function of an event, specialized for a literal (or a list of literals) on the right. */
export function compileComparison(node: CompareNode, compileValue: (tree: TriggerNode) => Reader): Predicate {
  const { operator } = node;
  const left = compileValue(node.left);
  if (node.right.kind === 'literal') return compareToLiteral(operator, left, node.right.value);
  if (operator === 'in' && node.right.kind === 'list') {
    const among = compileMembership(node.right);
    if (among !== undefined) return (event) => among(left(event));
  }
  const right = compileValue(node.right);
  if (operator === '=') return (event) => equalValues(left(event), right(event));
  if (operator === '!=') return (event) => !equalValues(left(event), right(event));
  return (event) => compareValues(operator, left(event), right(event));
}

function compareToLiteral(operator: CompareNode['operator'], left: Reader, literal: Scalar): Predicate {
  switch (operator) {
    case '=':
      return (event) => left(event) === literal;
    case '!=':
      return (event) => left(event) !== literal;
    case 'in':
      return () => false;
    default:
      return typeof literal === 'number' ? compareToNumber(operator, left, literal) : () => false;
  }
}

function compareToNumber(operator: '<' | '<=' | '>' | '>=', left: Reader, literal: number): Predicate {
  const isNumberThat = (test: (value: number) => boolean): Predicate => {
    return (event) => {
      const value = left(event);
      return typeof value === 'number' && test(value);
    };
  };
  switch (operator) {
    case '<':
      return isNumberThat((value) => value < literal);
    case '<=':
      return isNumberThat((value) => value <= literal);
    case '>':
      return isNumberThat((value) => value > literal);
    case '>=':
      return isNumberThat((value) => value >= literal);
  }
}

function compileMembership(list: ListNode): ((value: unknown) => boolean) | undefined {
  if (!list.items.every((item) => item.kind === 'literal')) return undefined;
  const members: ReadonlySet<unknown> = new Set(list.items.map((item) => item.value));
  return (value) => members.has(value);
}
