import { isDigit, isKeyCharacter } from './characters.ts';
import { quote } from './quoted.ts';
import { isKeyword, type LiteralNode, type TriggerNode } from './tree.ts';

/** How tightly a node holds together: a child that holds less tightly is put in parentheses. */
const tightness = { or: 1, and: 2, not: 3, compare: 4, call: 5, list: 5, path: 5, literal: 5 } as const;

/** The text of a tree. Parsing it gives the same tree, positions aside. */
export function printTrigger(tree: TriggerNode): string {
  switch (tree.kind) {
    case 'literal':
      return printLiteral(tree.value);
    case 'path':
      return printPath(tree.keys);
    case 'list':
      return `[${tree.items.map(printTrigger).join(', ')}]`;
    case 'call':
      return `${tree.name}(${tree.args.map(printTrigger).join(', ')})`;
    case 'compare':
      return `${printWithin(tree.left, 5)} ${tree.operator} ${printWithin(tree.right, 5)}`;
    case 'not':
      // A comparison needs no parentheses after `!`, but `!a = b` reads as if it did.
      return tree.operand.kind === 'not' ? `!${printTrigger(tree.operand)}` : `!${printWithin(tree.operand, 5)}`;
    case 'and':
    case 'or':
      return tree.operands.map((operand) => printWithin(operand, tightness[tree.kind] + 1)).join(` ${tree.kind} `);
  }
}

function printWithin(node: TriggerNode, least: number): string {
  const text = printTrigger(node);
  return tightness[node.kind] < least ? `(${text})` : text;
}

function printLiteral(value: LiteralNode['value']): string {
  if (typeof value === 'string') return quote(value);
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A path as it is written in a trigger. */
export function printPath(keys: readonly string[]): string {
  const [first = '', ...rest] = keys;
  const isReserved = (keys.length === 1 && isKeyword(first)) || isDigit(first.charCodeAt(0)) || first.startsWith('-');
  const head = isReserved ? `\\${first.charAt(0)}${escapeKey(first.slice(1))}` : escapeKey(first);
  return [head, ...rest.map((key) => (key === '' ? '""' : escapeKey(key)))].join('.');
}

function escapeKey(key: string): string {
  return Array.from(key, (character) =>
    isKeyCharacter(character.codePointAt(0) ?? 0) ? character : `\\${character}`,
  ).join('');
}
