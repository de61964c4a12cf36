import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import { isAvroFile } from '../../file/avro-file.ts';
import { createLineSplitter } from '../../file/lines.ts';
import { isTable, readRecords } from '../../file/table-rows.ts';
import { surroundings } from '../command/surroundings.ts';

/**
 * The events in a file, or in stdin for `-`: one JSON value (an array over several lines stands for its items), else
 * NDJSON; of a file of cells its rows, of one of Avro its values. `readLine`: what a line stands for. Each as the bytes that a source would yield.
 */
export async function readEvents(path: string, readLine?: (line: Buffer) => Buffer): Promise<readonly Buffer[]> {
  const hasRecords = isAvroFile(path) || (readLine === undefined && isTable(path));
  if (path !== '-' && hasRecords) return records(path);
  let bytes: Buffer;
  try {
    // Not by readFile(0), which gives up when the writer of the pipe is slower than we read.
    bytes = await (path === '-' ? buffer(surroundings().stdin) : readFile(path));
  } catch (error) {
    throw new ConnectorError('USAGE', `the events can't be read: ${messageOf(error)}`);
  }
  if (readLine !== undefined) return lines(bytes).map(readLine);
  return jsonValue(bytes) ?? lines(bytes);
}

function jsonValue(bytes: Buffer): readonly Buffer[] | undefined {
  const text = bytes.toString('utf8').replace('\ufeff', '').trim();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  // In one line it is what a source would yield: a record of several events.
  if (!Array.isArray(value) || !text.includes('\n')) return [bytes];
  return value.map((item) => Buffer.from(JSON.stringify(item)));
}

function lines(bytes: Buffer): readonly Buffer[] {
  const splitter = createLineSplitter({ start: 0, maxLineBytes: bytes.length });
  return [...splitter.push(bytes), ...splitter.finish()].map(({ value }) => value);
}

async function records(path: string): Promise<readonly Buffer[]> {
  const found: Buffer[] = [];
  for await (const { value } of readRecords(path)) found.push(value);
  return found;
}
