import type { DeadLetter } from './delivery.ts';
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

/** One partition of a topic, or a file as partition 0 of itself. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A partition that was given to this process, and where reading starts. */
export interface AssignedPartition extends TopicPartition {
  readonly position: number;
  /** Where the partition ended when it was assigned, if the source knows. */
  readonly end?: number;
  /** What was committed together with `position`. */
  readonly metadata?: string;
  /** Nobody has read it for this group: there was no commit, or only that of its first position. */
  readonly fresh?: true;
}

export interface RecordBatch extends TopicPartition {
  /** The assignment that this batch was read under. */
  readonly epoch: number;
  readonly records: readonly SourceRecord[];
  /** Where the partition ended when this batch was read; unknown for streams. */
  readonly end?: number;
  /** Everything below was read, behind the last record: markers of transactions are no records. */
  readonly readTo?: number;
}

/** What a source tells the pipeline. All of it is synchronous: nothing waits in a handler. */
export interface SourceHandlers {
  /** Partitions that are ours from now on, under a new epoch each. */
  assigned(partitions: readonly AssignedPartition[], epoch: number): void;
  /** Partitions that are no longer ours: their work in flight is nobody's any more. */
  lost(partitions: readonly TopicPartition[]): void;
  batch(batch: RecordBatch): void;
  /** A finite source has delivered its last record. Never called by an endless one. */
  ended(): void;
  /** The source can't go on. */
  failed(error: Error): void;
}

export interface CommitRequest extends TopicPartition {
  /** Everything below is settled. */
  readonly offset: number;
  readonly epoch: number;
  readonly metadata?: string;
}

/** What of a partition is there, and when it goes. */
export interface RetainedPartition extends TopicPartition {
  /** The first offset that is still there. */
  readonly earliest: number;
  /** The age at which records are deleted; absent: no age, or the broker doesn't tell. */
  readonly retentionMillis?: number;
}

/** Yields records with a position; slows down when told; keeps committed positions. Knows nothing of Meta. */
export interface Source {
  /** Joins, and calls the handlers until `stop`. Rejects with a `ConnectorError` that names the setting at fault. */
  start(handlers: SourceHandlers): Promise<void>;
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  /** `fenced`: some of it no longer belongs to this process's epoch; nothing of that part was committed. */
  commit(requests: readonly CommitRequest[]): Promise<'committed' | 'fenced' | 'failed'>;
  /** Stops reading but stays a member of the group, so that what is in flight can still be committed. */
  quiesce(): Promise<void>;
  /** Leaves. */
  stop(): Promise<void>;
  /** Joined, or reading. */
  ready(): boolean;
  /**
   * Unix milliseconds of the sending of the last request by which the group is known to have counted us in; 0 while it
   * doesn't. Absent: nobody else can get its partitions.
   */
  heartbeatAt?(): number;
  /**
   * Takes a partition from the pipeline (`lost`) for as long as what it holds can't be delivered: it stays a member's,
   * and is read again from the committed position when it is readmitted.
   */
  withhold?(partition: TopicPartition): void;
  /** Gives a withheld partition back (`assigned`, under a new epoch). */
  readmit?(partition: TopicPartition): void;
  /** Looks up what is deleted without being asked. Absent: nothing ever is. Rejects when the source doesn't answer. */
  retention?(partitions: readonly TopicPartition[]): Promise<readonly RetainedPartition[]>;
  /** Partitions that aren't read until a person decides, and why, in words. Absent: there are never any. */
  held?(): readonly (TopicPartition & { readonly reason: string })[];
}

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
