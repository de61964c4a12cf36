import type { DeadLetter } from './dead-letter.ts';
import type { SourceRecord } from './record.ts';
import type { TelemetryEvent } from './telemetry.ts';

/** Unix milliseconds, and a cancellable wait. Passed in so that tests can run time themselves. */
export interface Clock {
  now(): number;
  /** Resolves after `millis`, or at once when `signal` aborts: look at the signal afterwards. */
  sleep(millis: number, signal?: AbortSignal): Promise<void>;
}

/** A number in [0, 1). */
export type Random = () => number;

/** Where records are set aside. A dead letter is a delivery: `write` resolves when it is durable. */
export interface DeadLetterQueue {
  /** Creates or checks the place; rejects with a `ConnectorError` when letters couldn't be written. */
  open(): Promise<void>;
  /** Writes all of them or rejects; writing one twice is allowed. */
  write(letters: readonly DeadLetter[]): Promise<void>;
  close(): Promise<void>;
}

/** Why nobody can tell what came after a record. */
export type HistoryObstacle =
  /** Somebody reads and sends at this moment. */
  | 'group_running'
  /** The records behind it are there no longer, or it isn't the same source any more. */
  | 'range_gone'
  /** Nobody said where its source is. */
  | 'source_unknown';

/** What sources still hold of the past, for those who must know what came after a record. */
export interface SourceHistory {
  /** Undefined: everything behind the record can be read. */
  obstacle(record: SourceRecord): Promise<HistoryObstacle | undefined>;
  /**
   * The records of the topic from these positions to the present ends of their partitions, in order within a partition;
   * of what is gone, the rest.
   *
   * @param from The position by partition; others aren't read.
   */
  read(topic: string, from: ReadonlyMap<number, number>): AsyncIterable<SourceRecord>;
}

/** Where dead letters lie that are to be replayed, and the marks of those that were. */
export interface LetterArchive {
  /** The letters that are there when it is asked, oldest first within a partition. */
  letters(): AsyncIterable<DeadLetter>;
  /** The keys (`letterKey`) that were marked. */
  marks(): Promise<ReadonlySet<string>>;
  /** Resolves when the marks are durable. Marking twice is allowed. */
  mark(keys: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Takes what happened, once; makes log lines and metrics of it. */
export interface Telemetry {
  emit(event: TelemetryEvent): void;
}
