import type { SourceRecord, TopicPartition } from './record.ts';

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
  /** Everything below was read. It may lie behind the last record, because markers of transactions are no records. */
  readonly readTo?: number;
}

/** What a source tells the pipeline. Handlers are synchronous: none of them waits for anything. */
export interface SourceHandlers {
  /** Partitions that are ours from now on, under a new epoch each. */
  assigned(partitions: readonly AssignedPartition[], epoch: number): void;
  /** Partitions that are no longer ours: their work in flight is to be dropped. */
  lost(partitions: readonly TopicPartition[]): void;
  batch(batch: RecordBatch): void;
  /** A finite source has delivered its last record. Never called by an endless one. */
  finished(): void;
  /** The source can't go on. */
  failed(error: Error): void;
}

export interface CommitRequest extends TopicPartition {
  /** Everything below is settled. */
  readonly offset: number;
  readonly epoch: number;
  readonly metadata?: string;
}

/** What a partition still holds, and when the broker deletes it. */
export interface RetainedPartition extends TopicPartition {
  /** The first offset that is still there. */
  readonly earliest: number;
  /** The age at which records are deleted; absent: no age, or the broker doesn't tell. */
  readonly retentionMillis?: number;
}

/** Yields records with their positions, pauses when asked to, and keeps committed positions. Knows nothing of Meta. */
export interface Source {
  /**
   * Joins the group and calls the handlers until `stop`. Rejects with a `ConnectorError` that names the setting at
   * fault.
   */
  start(handlers: SourceHandlers): Promise<void>;
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  /** `fenced`: some of it no longer belongs to this process's epoch; nothing of that part was committed. */
  commit(requests: readonly CommitRequest[]): Promise<'committed' | 'fenced' | 'failed'>;
  /** Stops reading but stays a member of the group, so that what is in flight can still be committed. */
  quiesce(): Promise<void>;
  /** Leaves the group. */
  stop(): Promise<void>;
  /** Joined, or reading. */
  ready(): boolean;
  /**
   * When the last request was sent whose answer showed that the group counts us as a member (by the monotonic clock); -Infinity: it
   * doesn't. Absent: nobody else can get its partitions.
   */
  heartbeatAt?(): number;
  /**
   * Takes a partition from the pipeline (`lost`) for as long as its records can't be delivered. The group still counts
   * it as ours, and when it is readmitted it is read again from the committed position.
   */
  withhold?(partition: TopicPartition): void;
  /** Gives a withheld partition back (`assigned`, under a new epoch). */
  readmit?(partition: TopicPartition): void;
  /** What positions count. Absent: records. */
  readonly unit?: 'bytes';
  /** Looks up where partitions end now. Absent: each batch tells it. Rejects when the source doesn't answer. */
  ends?(partitions: readonly TopicPartition[]): Promise<readonly (TopicPartition & { readonly end: number })[]>;
  /** Looks up what the source deletes by age or size. Absent: it never does. Rejects when the source doesn't answer. */
  retention?(partitions: readonly TopicPartition[]): Promise<readonly RetainedPartition[]>;
  /** Partitions that aren't read until a person decides, and the reason in words. Absent: there are never any. */
  held?(): readonly (TopicPartition & { readonly reason: string })[];
  /** What reading waits for by itself, in words. Absent: it never waits. */
  waits?(): readonly string[];
}

/** Where reading starts when the group has no position in a topic at all. */
export type StartFrom =
  | 'earliest'
  | 'latest'
  /** Unix milliseconds: the first record at or after. */
  | { readonly timestamp: number }
  | { readonly agoMillis: number };
