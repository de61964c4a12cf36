import type { FileHandle } from 'node:fs/promises';
import { behindLastNewline, readAt } from './read-at.ts';

const newline = 10;
const carriageReturn = 13;

/**
 * Where reading goes on in a file of JSON lines that was read up to `position`. A last line without its line break counts
 * as one; if it was no JSON and goes on now, its writer had not finished it, and it is read again from its beginning.
 *
 * @param maxLineBytes Of a longer line nothing is made anyway.
 */
export async function positionInLines(handle: FileHandle, position: number, maxLineBytes: number): Promise<number> {
  if (position === 0) return position;
  const [before, after] = await readAt(handle, position - 1, 2);
  if (before === newline || after === undefined || after === newline || after === carriageReturn) return position;
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
