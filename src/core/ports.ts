import type { DeadLetter } from './dead-letter.ts';
import type { SourceRecord } from './record.ts';
import type { ReplayedKey } from './replayed.ts';
import type { TelemetryEvent } from './telemetry.ts';

/** Time, and a wait that can be cancelled. It is passed in so that tests can control time. */
export interface Clock {
  /** Unix milliseconds, for what Meta and people read. It may be set, forwards and back, while the process runs. */
  now(): number;
  /** Milliseconds from an unknown start, which only grow: for every wait, deadline and duration. */
  monotonic(): number;
  /** Resolves after `millis`, or at once when `signal` aborts: check the signal afterwards. */
  sleep(millis: number, signal?: AbortSignal): Promise<void>;
}

/** A number in [0, 1). */
export type Random = () => number;

/** Where records are set aside. A dead letter is a delivery: `write` resolves when it is durable. */
export interface DeadLetterQueue {
  /** Creates or checks the topic or file; rejects with a `ConnectorError` if dead letters couldn't be written. */
  open(): Promise<void>;
  /** Writes all of them or rejects. Called with the same objects again, it need not write those that it has written. */
  write(deadLetters: readonly DeadLetter[]): Promise<void>;
  close(): Promise<void>;
}

/** Why it can't be known what came after a record. */
export type HistoryObstacle =
  /** A connector is running: it reads and sends at this moment. */
  | 'group_running'
  /** The records behind it have been deleted, or it is another source by now. */
  | 'range_gone'
  /** Nobody said where its source is. */
  | 'source_unknown';

/** The past records that a source still holds. A replay reads them to know what came after a record. */
export interface SourceHistory {
  /** Undefined: everything behind the record can be read. */
  obstacle(record: SourceRecord): Promise<HistoryObstacle | undefined>;
  /**
   * The records of the topic from these positions to the present ends of their partitions, in order within a partition.
   * What has been deleted is left out.
   *
   * @param from The position by partition; others aren't read.
   */
  read(topic: string, from: ReadonlyMap<number, number>): AsyncIterable<SourceRecord>;
}

/** The dead letters that can be replayed, and the keys of those that were. */
export interface DeadLetterArchive {
  /** The dead letters that are there at the time of the call, oldest first within a partition. */
  deadLetters(): AsyncIterable<DeadLetter>;
  /** The keys (`deadLetterKey`) of those that were replayed. */
  replayedKeys(): Promise<ReadonlySet<string>>;
  /** Resolves when the keys are durable. Marking one twice is allowed. */
  markReplayed(replayed: readonly ReplayedKey[]): Promise<void>;
  close(): Promise<void>;
}

/** Is told once of everything that happens, and makes log lines and metrics of it. */
export interface Telemetry {
  emit(event: TelemetryEvent): void;
}
