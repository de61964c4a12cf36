import type { CallNode, TriggerNode } from '../../../src/trigger/tree.ts';

/**
 * The language once more, as plainly as it can be said and with nothing of the product's own code: the measure for the
 * compiler.
 */
export function interpret(tree: TriggerNode, event: unknown): unknown {
  switch (tree.kind) {
    case 'literal':
      return tree.value;
    case 'path':
      return tree.keys.reduce<unknown>((value, key) => memberOf(value, key), event) ?? null;
    case 'list':
      return tree.items.map((item) => interpret(item, event));
    case 'call':
      return call(
        tree,
        tree.args.map((argument) => interpret(argument, event)),
      );
    case 'not':
      return interpret(tree.operand, event) !== true;
    case 'and':
      return tree.operands.filter((operand) => interpret(operand, event) !== true).length === 0;
    case 'or':
      return tree.operands.filter((operand) => interpret(operand, event) === true).length > 0;
    case 'compare':
      return compare(tree.operator, interpret(tree.left, event), interpret(tree.right, event));
  }
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value)).get(key);
}

function compare(operator: string, left: unknown, right: unknown): boolean {
  if (operator === '=') return same(left, right);
  if (operator === '!=') return !same(left, right);
  if (operator === 'in') return Array.isArray(right) && right.filter((item) => same(left, item)).length > 0;
  if (typeof left !== 'number' || typeof right !== 'number') return false;
  if (left === right) return operator.endsWith('=');
  return left < right === operator.startsWith('<');
}

/** Two values are the same when their canonical JSON is; JSON writes -0 as 0. */
function same(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.sort().join(',')}}`;
}

function call({ name }: CallNode, [first, second]: readonly unknown[]): unknown {
  const text = typeof first === 'string' ? first : undefined;
  switch (name) {
    case 'contains':
      return text !== undefined && typeof second === 'string' && text.split(second).length > (second === '' ? -1 : 1);
    case 'match':
      return text !== undefined && typeof second === 'string' && globMatches([...second], [...text]);
    case 'length':
      if (Array.isArray(first)) return first.length;
      return text === undefined ? (first === null ? 0 : null) : new TextEncoder().encode(text).length;
    case 'lowercase':
      return text?.toLowerCase() ?? null;
    case 'uppercase':
      return text?.toUpperCase() ?? null;
    case 'snakecase':
      return text?.split(' ').join('_') ?? null;
    case 'kebabcase':
      return text?.split(' ').join('-') ?? null;
    case 'titlecase':
      return text?.replace(/(^| )([^ ])/gu, (_, space, letter) => space + letter.toUpperCase()) ?? null;
    case 'typeof':
      if (first === null) return 'null';
      if (Array.isArray(first)) return 'list';
      return typeof first === 'boolean' ? 'bool' : typeof first;
    case 'string':
      return ['string', 'number', 'boolean'].includes(typeof first) ? `${first}` : null;
    case 'number':
      if (typeof first === 'number') return first;
      return text !== undefined && text.trim() === text && /\d$/.test(text) && /^[+-]?\d/.test(text) && !/x/i.test(text)
        ? Number(text)
        : null;
    case 'bool':
      if (first === true || first === 'true') return true;
      if (first === false || first === 'false' || first === '') return false;
      if (Array.isArray(first)) return first.length !== 0;
      return typeof first === 'number' ? first !== 0 : null;
  }
}

/** Tries every way to share the text out among the stars. For short texts. */
export function globMatches(pattern: readonly string[], text: readonly string[]): boolean {
  const [head, ...rest] = pattern;
  const [letter, ...tail] = text;
  if (head === undefined) return text.length === 0;
  if (head === '*') return globMatches(rest, text) || (text.length > 0 && globMatches(pattern, tail));
  if (letter === undefined) return false;
  if (head === '?') return globMatches(rest, tail);
  if (head === '\\' && rest.length > 0) return rest[0] === letter && globMatches(rest.slice(1), tail);
  const close = head === '[' ? rest.indexOf(']') : -1;
  if (close === -1) return head === letter && globMatches(rest, tail);
  return classHas(rest.slice(0, close), letter) && globMatches(rest.slice(close + 1), tail);
}

/** Without escapes, which the patterns generated don't have inside a class. */
function classHas(members: readonly string[], letter: string): boolean {
  const [low, dash, high, ...rest] = members;
  if (low === undefined) return false;
  const code = letter.codePointAt(0) ?? 0;
  if (dash === '-' && high !== undefined) {
    const inRange = code >= (low.codePointAt(0) ?? 0) && code <= (high.codePointAt(0) ?? 0);
    return inRange || classHas(rest, letter);
  }
  return low === letter || classHas(members.slice(1), letter);
}
