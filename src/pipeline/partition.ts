import type { AssignedPartition } from '../core/ports.ts';
import { parseDoneMap } from './done-map.ts';
import { type Progress, progress } from './progress.ts';
import { type PartitionTracker, partitionTracker } from './tracker.ts';

/** A partition that is ours under one epoch. */
export interface Partition {
  readonly topic: string;
  readonly partition: number;
  readonly epoch: number;
  readonly tracker: PartitionTracker;
  readonly progress: Progress;
  /** What was committed last under this epoch, or where reading started. */
  committed: number;
  /** What was committed with it. */
  committedMetadata: string | undefined;
  /** The watermark at the last look, to see whether something holds it. */
  watermarkSeen: number;
  /** Everything below was read. */
  readTo: number;
  /** Where the partition ended when last heard of. */
  end: number | undefined;
  /** It went to another process. */
  lost: boolean;
  paused: boolean;
}

export function ownedPartition(assigned: AssignedPartition, epoch: number): Partition {
  const { position, metadata } = assigned;
  return {
    topic: assigned.topic,
    partition: assigned.partition,
    epoch,
    tracker: partitionTracker(position),
    progress: progress(parseDoneMap(metadata, position)),
    committed: position,
    committedMetadata: metadata === '' ? undefined : metadata,
    watermarkSeen: Number.NaN,
    readTo: position,
    end: assigned.end,
    lost: false,
    paused: false,
  };
}

export function partitionKey(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
