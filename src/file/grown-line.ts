import type { FileHandle } from 'node:fs/promises';
import { behindLastNewline, readAt } from './read-at.ts';

const newline = 10;
const carriageReturn = 13;

/** Whether a line that was the last one, and had no line break, goes on there: its writer may not have finished it then. */
export async function goesOnInLine(handle: FileHandle, position: number): Promise<boolean> {
  if (position === 0) return false;
  const [before, after] = await readAt(handle, position - 1, 2);
  return before !== newline && after !== undefined && after !== newline && after !== carriageReturn;
}

/**
 * Where such a line is read again from, in a file of JSON lines: from its beginning, unless what stood there was JSON by
 * itself.
 *
 * @param maxLineBytes Of a longer line nothing is made anyway.
 */
export async function beginningOfLine(handle: FileHandle, position: number, maxLineBytes: number): Promise<number> {
  const start = await behindLastNewline(handle, position);
  if (position - start > maxLineBytes) return position;
  return isJson(await readAt(handle, start, position - start)) ? position : start;
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
