/** One partition of a topic, or a file as partition 0 of itself. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** One text per partition: no topic's name holds a slash. */
export function partitionKey({ topic, partition }: TopicPartition): string {
  if (topic !== last.topic || partition !== last.partition) last = { topic, partition, key: `${topic}/${partition}` };
  return last.key;
}

/** The partition that was asked for last is nearly always asked for again. */
let last = { topic: '', partition: 0, key: '/0' };

/** Where a record was read: its identity for settling, dead letters and replay. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  /** Kafka's offset, or the byte offset of the line in a file. Below 2^53. */
  readonly offset: number;
}

/** The value of a header; Kafka allows a header without one. */
export type HeaderValue = Buffer | string | null | undefined;

/** The headers of a record; a repeated key has several values. */
export type RecordHeaders = Readonly<Record<string, HeaderValue | readonly HeaderValue[]>>;

/** The deliveries of one record and one subscription that wait, or have waited, in a parking partition. */
export interface ParkedDeliveries {
  readonly destination: string;
  /** The subscription's stable id. */
  readonly subscription: string;
  /** The lanes that are still to get theirs; absent: all. */
  readonly lanes?: readonly string[];
  /** As a delivery's. */
  readonly inDoubtSince?: number;
}

/** Carried by a record that comes back from a parking partition; all else of the record is as it was read first. */
export interface ParkedTag extends ParkedDeliveries {
  /** Its offset in the parking partition. */
  readonly at: number;
}

/** Which of the events of a record that holds several. */
export interface EventOfRecord {
  /** From 0. */
  readonly index: number;
  /** `valueHash` of the whole record. */
  readonly of: string;
  /** An object in it had more members than are read. */
  readonly cut?: true;
}

/** As it was written with a record; undefined: the record has one event, or it isn't said which. */
export function eventOfRecord(index: number | undefined, of: string | undefined): EventOfRecord | undefined {
  return index === undefined || of === undefined ? undefined : { index, of };
}

/** A record as a source yields it. */
export interface SourceRecord extends Position {
  /** The position behind this record: it is committed once this record and everything before it is settled. */
  readonly next: number;
  /** Milliseconds since 1970, from the broker; a file's modification time for files. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  /** The bytes, possibly a slice of a larger buffer: copy them before keeping them. */
  readonly value: Buffer | null;
  readonly headers: RecordHeaders | undefined;
  /** It comes back from a parking partition: only these deliveries of it are to be made. */
  readonly parked?: ParkedTag;
  /** It is one event of a record that holds several: `value` is that event alone. */
  readonly event?: EventOfRecord;
}

interface ReadPosition {
  readonly offset: number;
  readonly parked?: ParkedTag | undefined;
}

/** Where it was read this time: in the parking partition if it comes back from there. */
export function offsetRead({ offset, parked }: ReadPosition): number {
  return parked?.at ?? offset;
}

/** Copies that pin no larger buffer. */
export function ownedHeaders(headers: RecordHeaders): RecordHeaders {
  const copy = (value: HeaderValue) => (Buffer.isBuffer(value) ? Buffer.from(value) : value);
  const entries = Object.entries(headers).map(([key, value]) => [
    key,
    isRepeated(value) ? value.map(copy) : copy(value),
  ]);
  return Object.fromEntries(entries);
}

/** What headers take in memory, nearly. */
export function headerBytes(headers: RecordHeaders): number {
  let bytes = 0;
  for (const [key, value] of Object.entries(headers)) {
    bytes += key.length;
    if (isRepeated(value)) for (const each of value) bytes += each?.length ?? 0;
    else bytes += value?.length ?? 0;
  }
  return bytes;
}

function isRepeated(value: RecordHeaders[string]): value is readonly HeaderValue[] {
  return Array.isArray(value);
}
