import type { Message } from 'kafkajs';
import type { ParkedRecord } from '../../core/parked.ts';
import type { EventOfRecord, RecordHeaders, SourceRecord } from '../../core/record.ts';
import { namesWithoutValue, sendableHeaders } from '../client/null-headers.ts';

const PREFIX = 'meta-actions.parked.';
/** Names the record's headers that had no value. */
const NULL_HEADERS = `${PREFIX}null-headers`;

/**
 * A record on its way to a parking topic: key, value and headers byte for byte, with a header that says where it was
 * read and which deliveries wait. `group` tells our records from those of another consumer group on the same topics.
 */
export function messageOfParked({ record, ...parked }: ParkedRecord, group: string): Message {
  const { topic, partition, offset, timestamp, event } = record;
  const { destination, subscription, lanes, inDoubtSince } = parked;
  const source = { group, topic, partition, offset, event, timestamp };
  const tag = { ...source, destination, subscription, lanes, inDoubtSince };
  const headers = { ...sendableHeaders(record.headers ?? {}, NULL_HEADERS), [`${PREFIX}part`]: JSON.stringify(tag) };
  return { key: record.key, value: record.value, headers };
}

interface Tag {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly event?: EventOfRecord;
  readonly timestamp: number;
  readonly destination: string;
  readonly subscription: string;
  readonly lanes?: readonly string[];
  readonly inDoubtSince?: number;
}

/**
 * Records of a parking topic as they were first read, each with the deliveries that wait. Records that another group
 * has parked are left out, because that group delivers them, and so is anything that this program hasn't parked.
 */
export function recordsOfParked(read: readonly SourceRecord[], group: string): readonly SourceRecord[] {
  return read.flatMap((record) => recordOfParked(record, group) ?? []);
}

function recordOfParked(read: SourceRecord, group: string): SourceRecord | undefined {
  const tag = tagOf(read.headers?.[`${PREFIX}part`]);
  if (tag?.group !== group) return undefined;
  const { topic, partition, offset, timestamp, destination, subscription, lanes, inDoubtSince, event } = tag;
  return {
    ...read,
    ...{ topic, partition, offset, timestamp },
    headers: originalHeaders(read.headers ?? {}),
    ...(event !== undefined && { event }),
    parked: {
      ...{ at: read.offset, destination, subscription },
      ...(lanes !== undefined && { lanes }),
      ...(typeof inDoubtSince === 'number' && { inDoubtSince }),
    },
  };
}

/** The group that has parked a record, and the record as it was first read; undefined: this program hasn't parked it. */
export function parkedBy(read: SourceRecord): { readonly group: string; readonly record: SourceRecord } | undefined {
  const group = tagOf(read.headers?.[`${PREFIX}part`])?.group;
  const record = group === undefined ? undefined : recordOfParked(read, group);
  return group === undefined || record === undefined ? undefined : { group, record };
}

function tagOf(header: RecordHeaders[string]): Tag | undefined {
  if (header === undefined || header === null || Array.isArray(header)) return undefined;
  try {
    const tag = JSON.parse(header.toString()) as Tag;
    const whole =
      typeof tag.group === 'string' && typeof tag.topic === 'string' && typeof tag.subscription === 'string';
    return whole && Number.isSafeInteger(tag.offset) && Number.isSafeInteger(tag.partition) ? tag : undefined;
  } catch {
    return undefined;
  }
}

function originalHeaders(headers: RecordHeaders): RecordHeaders | undefined {
  const withoutValue = namesWithoutValue(headers, NULL_HEADERS);
  const kept = Object.entries(headers)
    .filter(([name]) => !name.startsWith(PREFIX))
    .map(([name, value]) => [name, withoutValue.has(name) && !Array.isArray(value) ? null : value]);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
