import type { AssignedPartition } from '../core/ports.ts';
import { type PartitionTracker, partitionTracker } from './tracker.ts';

/** A partition that is ours under one epoch. */
export interface Partition {
  readonly topic: string;
  readonly partition: number;
  readonly epoch: number;
  readonly tracker: PartitionTracker;
  /** What was committed last under this epoch, or where reading started. */
  committed: number;
  /** Position behind the last record read. */
  readTo: number;
  /** Where the partition ended when last heard of. */
  end: number | undefined;
  /** It went to another process. */
  lost: boolean;
  paused: boolean;
}

export function ownedPartition(assigned: AssignedPartition, epoch: number): Partition {
  return {
    topic: assigned.topic,
    partition: assigned.partition,
    epoch,
    tracker: partitionTracker(assigned.position),
    committed: assigned.position,
    readTo: assigned.position,
    end: assigned.end,
    lost: false,
    paused: false,
  };
}

export function partitionKey(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
