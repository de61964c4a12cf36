import type { Message } from 'kafkajs';
import type { ParkedRecord } from '../../core/parked.ts';
import type { EventOfRecord, RecordHeaders, SourceRecord } from '../../core/record.ts';

const PREFIX = 'meta-actions.parked.';
/** Headers of the record whose value is absent: kafkajs can't send them so. */
const NULL_HEADERS = `${PREFIX}null-headers`;

type Headers = Record<string, Buffer | string | (Buffer | string)[]>;

/**
 * A record on its way to a parking topic: key, value and headers byte for byte, and beside them where it was read and
 * what of it waits. `group` tells our records from those of another consumer group with the same topics.
 */
export function messageOfParked({ record, destination, subscription, lanes }: ParkedRecord, group: string): Message {
  const headers: Headers = {};
  const withoutValue: string[] = [];
  for (const [name, value] of Object.entries(record.headers ?? {})) {
    const values = Array.isArray(value) ? value : [value];
    if (values.some(isAbsent)) withoutValue.push(name);
    const sent = values.map((one) => (isAbsent(one) ? Buffer.alloc(0) : one));
    Object.defineProperty(headers, name, { value: sent.length === 1 ? sent[0] : sent, enumerable: true });
  }
  const { topic, partition, offset, timestamp, event } = record;
  const tag = { group, topic, partition, offset, event, timestamp, destination, subscription, lanes };
  headers[`${PREFIX}part`] = JSON.stringify(tag);
  if (withoutValue.length > 0) headers[NULL_HEADERS] = JSON.stringify(withoutValue);
  return { key: record.key, value: record.value, headers };
}

interface Part {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly event?: EventOfRecord;
  readonly timestamp: number;
  readonly destination: string;
  readonly subscription: string;
  readonly lanes?: readonly string[];
}

/**
 * Records of a parking topic as they were read first, with what of each waits. Left out: what another group has parked,
 * which is theirs to deliver, and what was never parked by this program.
 */
export function recordsOfParked(read: readonly SourceRecord[], group: string): readonly SourceRecord[] {
  return read.flatMap((record) => recordOfParked(record, group) ?? []);
}

function recordOfParked(read: SourceRecord, group: string): SourceRecord | undefined {
  const part = partOf(read.headers?.[`${PREFIX}part`]);
  if (part?.group !== group) return undefined;
  const { topic, partition, offset, timestamp, destination, subscription, lanes, event } = part;
  return {
    ...read,
    ...{ topic, partition, offset, timestamp },
    headers: originalHeaders(read.headers ?? {}),
    ...(event !== undefined && { event }),
    parked: { at: read.offset, destination, subscription, ...(lanes !== undefined && { lanes }) },
  };
}

function partOf(header: RecordHeaders[string]): Part | undefined {
  if (header === undefined || header === null || Array.isArray(header)) return undefined;
  try {
    const part = JSON.parse(header.toString()) as Part;
    const whole =
      typeof part.group === 'string' && typeof part.topic === 'string' && typeof part.subscription === 'string';
    return whole && Number.isSafeInteger(part.offset) && Number.isSafeInteger(part.partition) ? part : undefined;
  } catch {
    return undefined;
  }
}

function originalHeaders(headers: RecordHeaders): RecordHeaders | undefined {
  const names = headers[NULL_HEADERS]?.toString();
  const withoutValue = new Set(names === undefined ? [] : (JSON.parse(names) as readonly string[]));
  const kept = Object.entries(headers)
    .filter(([name]) => !name.startsWith(PREFIX))
    .map(([name, value]) => [name, withoutValue.has(name) && !Array.isArray(value) ? undefined : value]);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
