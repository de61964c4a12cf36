import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { Diagnostic } from '../core/diagnostic.ts';
import { hideSecrets, hideTokens } from './hide-secrets.ts';

/** A place in a file, counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A diagnostic with its place in a file. */
export interface Problem extends Place {
  readonly severity: 'error' | 'warning';
  readonly file: string;
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
  /** The line at fault. */
  readonly source: string;
}

/** Takes a diagnostic; `base` leads from the root of the file to the piece that its path or offset is in. */
export type Report = (diagnostic: Diagnostic, base?: readonly (string | number)[]) => void;

/** A JSON text with comments, its value, and where everything in it stands. */
export interface Document {
  readonly file: string;
  readonly value: unknown;
  readonly syntaxErrors: readonly Problem[];
  /** The place of what a diagnostic is about; `base` leads to the piece that the diagnostic's path or offset is in. */
  locate(diagnostic: Diagnostic, base?: readonly (string | number)[]): Problem;
}

export function parseDocument(file: string, text: string): Document {
  const errors: ParseError[] = [];
  const tooDeep = offsetTooDeep(text);
  const root =
    tooDeep === undefined ? parseTree(text, errors, { allowTrailingComma: true, disallowComments: false }) : undefined;
  const lines = lineStarts(text);
  /** As problems show it. */
  let shown: string | undefined;

  function problemAt(offset: number, diagnostic: Diagnostic): Problem {
    const line = lineOf(lines, offset);
    const start = lines[line] ?? 0;
    const end = lines[line + 1] ?? text.length + 1;
    shown ??= hideSecrets(text);
    return {
      severity: diagnostic.severity,
      file,
      line: line + 1,
      column: offset - start + 1,
      code: diagnostic.code,
      message: hideTokens(diagnostic.message),
      ...(diagnostic.fix !== undefined && { fix: hideTokens(diagnostic.fix) }),
      source: shown.slice(start, end - 1).replace(/\r$/, ''),
    };
  }

  const syntaxErrors = errors.map(({ error, offset }) =>
    problemAt(offset, {
      severity: 'error',
      code: 'JSON_SYNTAX',
      message: `not JSON here: ${wordsOf(printParseErrorCode(error))}`,
      fix: 'correct the JSON at this place, or just before it; comments and trailing commas are allowed',
    }),
  );
  if (tooDeep !== undefined) {
    syntaxErrors.push(
      problemAt(tooDeep, {
        severity: 'error',
        code: 'JSON_TOO_DEEP',
        message: `more than ${deepest} objects and lists stand inside each other here`,
        fix: 'write it flatter',
      }),
    );
  } else if (root === undefined && syntaxErrors.length === 0) {
    syntaxErrors.push(
      problemAt(0, {
        severity: 'error',
        code: 'JSON_SYNTAX',
        message: 'the file is empty',
        fix: 'write a destination into it, or remove it',
      }),
    );
  }

  for (const offset of root === undefined ? [] : reservedKeys(root)) {
    syntaxErrors.push(
      problemAt(offset, {
        severity: 'error',
        code: 'JSON_RESERVED_KEY',
        message: 'no member can have this name',
        fix: 'rename it, or remove it',
      }),
    );
  }

  for (const offset of root === undefined ? [] : repeatedKeys(root)) {
    syntaxErrors.push(
      problemAt(offset, {
        severity: 'error',
        code: 'JSON_DUPLICATE_KEY',
        message: 'the object has a member of this name already, which this one would replace',
        fix: 'remove one of the two, or rename it',
      }),
    );
  }

  return {
    file,
    value: root === undefined ? undefined : getNodeValue(root),
    syntaxErrors,
    locate(diagnostic, base = []) {
      const node =
        root === undefined
          ? undefined
          : nearestNode(root, [...base, ...(diagnostic.path ?? [])], diagnostic.atKey === true);
      let offset = node?.offset ?? 0;
      if (node?.type === 'string' && diagnostic.offset !== undefined) {
        offset = offsetInLiteral(text, node.offset, diagnostic.offset);
      }
      return problemAt(offset, diagnostic);
    },
  };
}

/** What reads a document walks into it. Far more than a mapping needs. */
const deepest = 200;

/** Brackets, and what brackets may stand in without meaning anything. */
const piece = /"[^"\\\n]*(?:\\.[^"\\\n]*)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[[\]{}]/g;

/** Where the text first goes too deep; found without going there. */
function offsetTooDeep(text: string): number | undefined {
  let depth = 0;
  for (const { 0: found, index } of text.matchAll(piece)) {
    if (found === '{' || found === '[') depth += 1;
    if (found === '}' || found === ']') depth -= 1;
    if (depth > deepest) return index;
  }
  return undefined;
}

/** Where a member has the one name that JavaScript doesn't take for a member's. */
function reservedKeys(node: Node): readonly number[] {
  return (node.children ?? []).flatMap((child) => [
    ...(node.type === 'property' && child.value === '__proto__' && child === node.children?.[0] ? [child.offset] : []),
    ...reservedKeys(child),
  ]);
}

/** Where the names stand that an object has more than once, the first of each aside. */
function repeatedKeys(node: Node): readonly number[] {
  const found: number[] = [];
  const known = new Set<unknown>();
  for (const child of node.children ?? []) {
    const [key, value] = node.type === 'object' ? (child.children ?? []) : [undefined, child];
    if (key !== undefined && known.has(key.value)) found.push(key.offset);
    known.add(key?.value);
    if (value !== undefined) found.push(...repeatedKeys(value));
  }
  return found;
}

/** The node at `path`, or the last one on the way there; the key instead of the value with `atKey`. */
function nearestNode(root: Node, path: readonly (string | number)[], atKey: boolean): Node {
  for (let length = path.length; length > 0; length--) {
    const found = findNodeAtLocation(root, path.slice(0, length));
    if (found === undefined) continue;
    const key = found.parent?.type === 'property' ? found.parent.children?.[0] : undefined;
    return atKey && length === path.length && key !== undefined ? key : found;
  }
  return root;
}

/** Where the character `index` of a string's value stands in the file, given where its literal starts. */
function offsetInLiteral(text: string, literalStart: number, index: number): number {
  let offset = literalStart + 1;
  for (let character = 0; character < index && offset < text.length; character++) {
    if (text[offset] !== '\\') offset += 1;
    else offset += text[offset + 1] === 'u' ? 6 : 2;
  }
  return offset;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
  return starts;
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** `CommaExpected` → `comma expected`. */
function wordsOf(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
