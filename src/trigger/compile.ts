import { compileComparison } from './compile-comparison.ts';
import { compileReader } from './compile-reader.ts';
import { triggerFunctions } from './functions.ts';
import { compileGlob } from './glob.ts';
import type { CallNode, ListNode, TriggerNode } from './tree.ts';

export type Predicate = (event: unknown) => boolean;
export type Reader = (event: unknown) => unknown;

/**
 * A tree as a function of an event. Everything that the tree alone decides is decided here: paths are split, patterns
 * parsed, lists of literals collected; per event no node is visited, and the usual shapes allocate nothing.
 */
export function compilePredicate(tree: TriggerNode): Predicate {
  switch (tree.kind) {
    case 'literal': {
      const isTrue = tree.value === true;
      return () => isTrue;
    }
    case 'list':
      return () => false;
    case 'path':
      return isTrueOf(compileReader(tree.keys));
    case 'call':
      return compileTest(tree);
    case 'compare':
      return compileComparison(tree, compileValue);
    case 'not': {
      const operand = compilePredicate(tree.operand);
      return (event) => !operand(event);
    }
    case 'and':
      return allOf(tree.operands.map(compilePredicate));
    case 'or':
      return anyOf(tree.operands.map(compilePredicate));
  }
}

/** The value of a tree: of a path, a call or a literal what it holds or gives, of anything else true or false. */
export function compileValue(tree: TriggerNode): Reader {
  switch (tree.kind) {
    case 'literal': {
      const { value } = tree;
      return () => value;
    }
    case 'path':
      return compileReader(tree.keys);
    case 'list':
      return compileList(tree);
    case 'call':
      return compileCall(tree);
    default:
      return compilePredicate(tree);
  }
}

function compileCall(node: CallNode): Reader {
  if (node.name === 'contains' || node.name === 'match') return compileTest(node);
  const apply = triggerFunctions[node.name];
  const [first = nothing, second = nothing] = node.args.map(compileValue);
  return (event) => apply(first(event), second(event));
}

/** A call as a condition; the two functions that test a text are specialized for a literal text or pattern. */
function compileTest(node: CallNode): Predicate {
  const apply = triggerFunctions[node.name];
  const [first = nothing, second = nothing] = node.args.map(compileValue);
  const literal = node.args[1]?.kind === 'literal' ? node.args[1].value : undefined;
  if (typeof literal === 'string' && node.name === 'contains') {
    return (event) => {
      const text = first(event);
      return typeof text === 'string' && text.includes(literal);
    };
  }
  if (typeof literal === 'string' && node.name === 'match') {
    const matches = compileGlob(literal);
    return (event) => {
      const text = first(event);
      return typeof text === 'string' && matches(text);
    };
  }
  return (event) => apply(first(event), second(event)) === true;
}

function compileList(node: ListNode): Reader {
  if (node.items.every((item) => item.kind === 'literal')) {
    const values = node.items.map((item) => item.value);
    return () => values;
  }
  const readers = node.items.map(compileValue);
  return (event) => readers.map((read) => read(event));
}

function nothing(): null {
  return null;
}

function isTrueOf(read: Reader): Predicate {
  return (event) => read(event) === true;
}

function allOf(predicates: readonly Predicate[]): Predicate {
  const [first, second, third] = predicates;
  if (first !== undefined && second !== undefined && predicates.length === 2) {
    return (event) => first(event) && second(event);
  }
  if (first !== undefined && second !== undefined && third !== undefined && predicates.length === 3) {
    return (event) => first(event) && second(event) && third(event);
  }
  return (event) => {
    for (const predicate of predicates) if (!predicate(event)) return false;
    return true;
  };
}

function anyOf(predicates: readonly Predicate[]): Predicate {
  const [first, second] = predicates;
  if (first !== undefined && second !== undefined && predicates.length === 2) {
    return (event) => first(event) || second(event);
  }
  return (event) => {
    for (const predicate of predicates) if (predicate(event)) return true;
    return false;
  };
}
