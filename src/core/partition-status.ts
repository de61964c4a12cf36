import type { TopicPartition } from './record.ts';

/** How far a partition is that this process reads. */
export interface PartitionStatus extends TopicPartition {
  /** Everything below was read. */
  readonly position: number;
  readonly committed: number;
  /** Where it ended when last heard of. */
  readonly end?: number;
  /** Records that are not settled. */
  readonly inFlight: number;
  /** Time stamp of the oldest of them. */
  readonly oldestAt?: number;
  /** As much of it is in flight as may be. */
  readonly paused: boolean;
  /** Changes of audiences wait for an earlier owner. */
  readonly handOverWaits: boolean;
}
