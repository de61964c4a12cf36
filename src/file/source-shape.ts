import { open } from 'node:fs/promises';
import { separators } from './delimited.ts';
import { tableHead } from './table-head.ts';
import { isTable } from './table-rows.ts';

/** What a file is by its beginning, where it isn't what a source of events reads. */
export type OddShape =
  | { readonly kind: 'empty' }
  /** JSON that goes over several lines, where each line must be a value of its own. */
  | { readonly kind: 'json_over_lines'; readonly isArray: boolean }
  /** A file of cells whose rows aren't divided by any separator that is looked for, but by this one, it seems. */
  | { readonly kind: 'separator'; readonly separator: string | undefined; readonly looked: readonly string[] };

const headBytes = 64 * 1024;

/** Undefined: nothing is odd about it, or it can't be read, which the source will say. */
export async function oddShapeOf(path: string): Promise<OddShape | undefined> {
  try {
    const head = await beginningOf(path);
    if (head.trim() === '') return { kind: 'empty' };
    return isTable(path) ? await oddTable(path) : oddLines(head);
  } catch {
    return undefined;
  }
}

async function beginningOf(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.toString('utf8', 0, bytesRead).replace(/^\ufeff/, '');
  } finally {
    await handle.close();
  }
}

/** The first line opens a list or an object, and the next goes on with it. */
function oddLines(head: string): OddShape | undefined {
  const [first = '', second] = head.split('\n').filter((line) => line.trim() !== '');
  const opening = /^\s*([[{])[\s[{]*$/.exec(first)?.[1];
  if (opening !== undefined && second !== undefined) return { kind: 'json_over_lines', isArray: opening === '[' };
  // `[{"type": …},` in each line: a list with an item in each.
  if (/^\s*\[\s*\{.*\},?\s*$/.test(first) && !isJson(first)) return { kind: 'json_over_lines', isArray: true };
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function oddTable(path: string): Promise<OddShape | undefined> {
  const { columns } = await tableHead(path);
  const [only = ''] = columns;
  if (columns.length !== 1) return undefined;
  // Two words with the same sign between them, at least: `email^phone`.
  const sign = /^[\p{L}\p{N}_ ]+([^\p{L}\p{N}_ ."'()-])[\p{L}\p{N}_ ]+/u.exec(only)?.[1];
  return { kind: 'separator', separator: sign, looked: separators };
}
