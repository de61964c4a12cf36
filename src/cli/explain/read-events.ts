import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import { isTable, readRecords } from '../../file/table-rows.ts';

/**
 * The events in a file, or in stdin for `-`: one JSON value (an array stands for its items), else NDJSON; of a file of
 * cells its rows. Each as the bytes that a source would yield.
 */
export async function readEvents(path: string): Promise<readonly Buffer[]> {
  if (path !== '-' && isTable(path)) return rows(path);
  let bytes: Buffer;
  try {
    // Not by readFile(0), which gives up when whoever writes to the pipe is slower than we read.
    bytes = await (path === '-' ? buffer(process.stdin) : readFile(path));
  } catch (error) {
    throw new ConnectorError('USAGE', `the events can't be read: ${messageOf(error)}`);
  }
  return jsonValue(bytes) ?? lines(bytes);
}

function jsonValue(bytes: Buffer): readonly Buffer[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(value)) return [bytes];
  return value.map((item) => Buffer.from(JSON.stringify(item)));
}

function lines(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    const line = bytes.subarray(start, bytes[end - 1] === 0x0d ? end - 1 : end);
    if (line.some((byte) => byte !== 0x20 && byte !== 0x09)) found.push(line);
    start = end + 1;
  }
  return found;
}

async function rows(path: string): Promise<readonly Buffer[]> {
  const found: Buffer[] = [];
  for await (const { value } of readRecords(path)) found.push(value);
  return found;
}
