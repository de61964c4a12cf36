import type { Diagnostic } from '../core/diagnostic.ts';
import { describeToken, explainUnexpected, unknownFunction } from './expectation.ts';
import { syntaxError } from './syntax-error.ts';
import type { Token, TokenSymbol } from './token.ts';
import { functionArity, type GroupNode, isFunctionName, type PathNode, type TriggerNode } from './tree.ts';

/** How deep parentheses, negations, calls and lists may be nested, together. */
export const maxTriggerDepth = 200;

interface Cursor {
  readonly text: string;
  readonly tokens: readonly Token[];
  index: number;
  depth: number;
  /** The first mistake; once there is one, every function returns undefined. */
  mistake: Diagnostic | undefined;
}

type Parsed = TriggerNode | undefined;

/**
 * Parses tokens that `tokenize` read from `text`.
 *
 *     or       = and { "or" and }
 *     and      = unary { "and" unary }
 *     unary    = ( "!" | "not" ) unary | compare
 *     compare  = operand [ operator operand ]
 *     operand  = literal | path | name "(" or { "," or } ")" | "[" [ or { "," or } ] "]" | "(" or ")"
 */
export function parseExpression(
  text: string,
  tokens: readonly Token[],
): { readonly tree: TriggerNode } | { readonly diagnostics: readonly Diagnostic[] } {
  const cursor: Cursor = { text, tokens, index: 0, depth: 0, mistake: undefined };
  const tree = parseGroup(cursor, 'or');
  if (tree !== undefined && current(cursor).kind !== 'end') fail(cursor, 'and, or, or the end of the trigger');
  if (tree === undefined || cursor.mistake !== undefined)
    return { diagnostics: cursor.mistake ? [cursor.mistake] : [] };
  return { tree };
}

function parseGroup(cursor: Cursor, kind: GroupNode['kind']): Parsed {
  const parseOperandOf = kind === 'or' ? (inner: Cursor) => parseGroup(inner, 'and') : parseUnary;
  const first = parseOperandOf(cursor);
  if (first === undefined) return undefined;
  const operands = [first];
  while (isKeywordToken(current(cursor), kind)) {
    cursor.index += 1;
    const next = parseOperandOf(cursor);
    if (next === undefined) return undefined;
    operands.push(next);
  }
  return operands.length === 1 ? first : { kind, operands, ...spanFrom(cursor, first.offset) };
}

function parseUnary(cursor: Cursor): Parsed {
  const token = current(cursor);
  if (!isSymbol(token, '!') && !isKeywordToken(token, 'not')) return parseComparison(cursor);
  cursor.index += 1;
  const operand = nested(cursor, parseUnary);
  return operand && { kind: 'not', operand, ...spanFrom(cursor, token.offset) };
}

function parseComparison(cursor: Cursor): Parsed {
  const start = current(cursor).offset;
  const left = parseOperand(cursor);
  const operator = left && operatorAt(cursor);
  if (left === undefined || operator === undefined) return left;
  cursor.index += 1;
  const right = parseOperand(cursor);
  if (right === undefined) return undefined;
  if (operatorAt(cursor) !== undefined) return fail(cursor, 'and, or, or the end: comparisons are not chained');
  return { kind: 'compare', operator, left, right, ...spanFrom(cursor, start) };
}

function parseOperand(cursor: Cursor): Parsed {
  const token = current(cursor);
  const { offset, length } = token;
  if (token.kind === 'path') return parsePathOrCall(cursor, token);
  if (token.kind === 'string' || token.kind === 'number') {
    cursor.index += 1;
    return { kind: 'literal', value: token.value, offset, length };
  }
  if (token.kind === 'keyword' && (token.word === 'true' || token.word === 'false' || token.word === 'null')) {
    cursor.index += 1;
    return { kind: 'literal', value: token.word === 'null' ? null : token.word === 'true', offset, length };
  }
  if (isSymbol(token, '(')) return parseParenthesized(cursor);
  if (!isSymbol(token, '[')) return fail(cursor, 'a field, a value or a function');
  cursor.index += 1;
  const items = nested(cursor, (inner) => parseItems(inner, ']'));
  return items && { kind: 'list', items, ...spanFrom(cursor, offset) };
}

function parseParenthesized(cursor: Cursor): Parsed {
  const { offset } = current(cursor);
  cursor.index += 1;
  const inner = nested(cursor, (deeper) => parseGroup(deeper, 'or'));
  if (inner === undefined) return undefined;
  if (!isSymbol(current(cursor), ')')) return fail(cursor, 'and, or, or a closing ")"');
  cursor.index += 1;
  return { ...inner, ...spanFrom(cursor, offset) };
}

function parsePathOrCall(cursor: Cursor, token: Token & { readonly kind: 'path' }): Parsed {
  const { keys, offset, length } = token;
  cursor.index += 1;
  if (!isSymbol(current(cursor), '(')) return { kind: 'path', keys, offset, length } satisfies PathNode;
  const name = cursor.text.slice(offset, offset + length);
  if (!token.isWord || !isFunctionName(name)) {
    cursor.mistake ??= unknownFunction(token, name);
    return undefined;
  }
  cursor.index += 1;
  const args = nested(cursor, (inner) => parseItems(inner, ')'));
  if (args === undefined) return undefined;
  if (args.length === functionArity[name]) return { kind: 'call', name, args, ...spanFrom(cursor, offset) };
  const expected = functionArity[name] === 1 ? '1 argument' : '2 arguments';
  cursor.mistake ??= syntaxError(spanFrom(cursor, offset), `${name}() expects ${expected}, found ${args.length}`);
  return undefined;
}

/** What stands between brackets, up to and with the closing one. */
function parseItems(cursor: Cursor, close: ')' | ']'): readonly TriggerNode[] | undefined {
  const items: TriggerNode[] = [];
  if (isSymbol(current(cursor), close)) {
    cursor.index += 1;
    return items;
  }
  for (;;) {
    const item = parseGroup(cursor, 'or');
    if (item === undefined) return undefined;
    items.push(item);
    const token = current(cursor);
    if (!isSymbol(token, close) && !isSymbol(token, ',')) return fail(cursor, `"," or a closing "${close}"`);
    cursor.index += 1;
    if (isSymbol(token, close)) return items;
  }
}

/** Runs a parser one level deeper, or refuses: recursion is bounded by the depth. */
function nested<T>(cursor: Cursor, parse: (cursor: Cursor) => T | undefined): T | undefined {
  if (cursor.depth >= maxTriggerDepth) {
    const message = `nested too deeply: expected at most ${maxTriggerDepth} levels of parentheses, negations and calls`;
    cursor.mistake ??= syntaxError(current(cursor), message);
    return undefined;
  }
  cursor.depth += 1;
  const result = parse(cursor);
  cursor.depth -= 1;
  return result;
}

function fail(cursor: Cursor, expected: string): undefined {
  cursor.mistake ??= mistakeAt(cursor, expected);
  return undefined;
}

function mistakeAt(cursor: Cursor, expected: string): Diagnostic {
  const token = current(cursor);
  const hint = explainUnexpected(cursor.text, cursor.tokens, cursor.index);
  const message = `expected ${expected}, found ${describeToken(cursor.text, token)}`;
  return hint === undefined ? syntaxError(token, message) : syntaxError(token, `${message}; ${hint.message}`, hint.fix);
}

function operatorAt(cursor: Cursor): (Token & { kind: 'operator' })['operator'] | undefined {
  const token = current(cursor);
  if (token.kind === 'operator') return token.operator;
  return isKeywordToken(token, 'in') ? 'in' : undefined;
}

function current(cursor: Cursor): Token {
  return cursor.tokens[cursor.index] ?? { kind: 'end', offset: cursor.text.length, length: 0 };
}

function spanFrom(cursor: Cursor, offset: number): { readonly offset: number; readonly length: number } {
  const last = cursor.tokens[cursor.index - 1];
  return { offset, length: (last === undefined ? offset : last.offset + last.length) - offset };
}

function isSymbol(token: Token, symbol: TokenSymbol): boolean {
  return token.kind === 'symbol' && token.symbol === symbol;
}

function isKeywordToken(token: Token, word: string): boolean {
  return token.kind === 'keyword' && token.word === word;
}
