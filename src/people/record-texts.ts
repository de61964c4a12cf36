import type { SourceRecord } from '../core/record.ts';
import type { ReadableRecord, ReadValue } from '../core/value-reading.ts';

/** A text of a record, and the name of the member that holds it, as far as it has one. */
export interface RecordText {
  readonly name: string;
  readonly text: string;
}

/** Reads values that are no plain JSON; undefined: it is JSON, if anything. */
export type ReadOtherValue = (value: Buffer, record: ReadableRecord) => ReadValue | undefined;

/** A record of a million members is looked through up to here. */
const mostTexts = 200_000;
const separators = /[\s"'<>(){}[\],;|=&]+/;

/** Every text and number in a record: in its value however deep, in its key and its headers. */
export function* textsOf(record: Omit<SourceRecord, 'next'>, readOther: ReadOtherValue): Generator<RecordText> {
  if (record.key !== null) yield* textsOfText('external_id', record.key.toString('utf8'));
  for (const [name, value] of Object.entries(record.headers ?? {})) {
    for (const each of [value].flat())
      if (each !== null && each !== undefined) yield* textsOfText(name, each.toString());
  }
  if (record.value === null) return;
  // One of several events of a record is JSON, whatever the record was.
  const read = record.event === undefined ? readOther(record.value, record) : undefined;
  if (read?.kind === 'value') yield* textsIn(read.value);
  else yield* textsOfBytes(read?.kind === 'json' ? read.bytes : record.value);
}

function* textsOfBytes(bytes: Buffer): Generator<RecordText> {
  const text = bytes.toString('utf8');
  // In front of JSON there may be a mark of its encoding, the framing of a registry, or what somebody wrote there.
  const start = text.indexOf('{');
  const value = start > 0 ? parsed(text.slice(start)) : undefined;
  if (value !== undefined) yield* textsIn(value);
  yield* textsOfText('', value === undefined ? text : text.slice(0, start));
}

/** A text that holds JSON, or may be a name or an address, or have one in it. */
function* textsOfText(name: string, text: string): Generator<RecordText> {
  const value = /^\s*[{[\u{FEFF}]/u.test(text) ? parsed(text) : undefined;
  if (value !== undefined) return yield* textsIn(value);
  yield { name, text };
  let count = 0;
  for (const word of text.split(separators)) {
    if (word === '' || word === text) continue;
    yield { name: '', text: word };
    count += 1;
    if (count === mostTexts) return;
  }
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text.replace(/^\u{FEFF}/u, ''));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Without recursion: what strangers send may be deep. */
function* textsIn(root: unknown): Generator<RecordText> {
  const waiting: { readonly name: string; readonly value: unknown }[] = [{ name: '', value: root }];
  for (let count = 0; count < mostTexts; count += 1) {
    const next = waiting.pop();
    if (next === undefined) return;
    const { name, value } = next;
    if (typeof value === 'string') yield* textsOfText(name, value);
    else if (typeof value === 'number' || typeof value === 'bigint') yield { name, text: String(value) };
    else if (Array.isArray(value)) for (const item of value) waiting.push({ name, value: item });
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) waiting.push({ name: key, value: inner });
    }
  }
}
