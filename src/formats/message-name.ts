import { countItems, type Cursor, cursorOf, mismatch, readVarint, takeText, unzigzag } from './values/cursor.ts';
import type { Framed } from './framing.ts';
import { readCount, skipField } from './protobuf/scalars.ts';

/** Which message of a `.proto` file a value is, undefined: it doesn't say; the cursor stands at the message afterwards. */
export function messageIn(cursor: Cursor, { message }: Framed): readonly number[] | string | undefined {
  if (message === 'indexes') return indexes(cursor);
  if (message === 'name') return nameIn(cursor);
  if (message === 'none') return undefined;
  return indexes(cursorOf(Buffer.from(message), 0));
}

/** How many, then each; a single 0 stands for the first message (Confluent: wire format, Protobuf). */
function indexes(cursor: Cursor): readonly number[] {
  const count = indexIn(cursor);
  if (count === 0) return [0];
  countItems(cursor, count);
  return Array.from({ length: count }, () => indexIn(cursor));
}

function indexIn(cursor: Cursor): number {
  const value = unzigzag(readVarint(cursor));
  if (typeof value === 'number' && value >= 0) return value;
  throw mismatch('the index of the message is none');
}

/** Apicurio's `Ref`, a message with its length in front whose field 1 is the name of the message. */
function nameIn(cursor: Cursor): string {
  const end = readCount(cursor) + cursor.at;
  let name = '';
  while (cursor.at < end) {
    const tag = readCount(cursor);
    if (tag === 0x0a) name = takeText(cursor, readCount(cursor));
    else skipField(cursor, tag % 8);
  }
  if (cursor.at !== end || name === '') throw mismatch('the name of the message is missing');
  return name;
}
