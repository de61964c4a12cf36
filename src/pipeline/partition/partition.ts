import type { AssignedPartition } from '../../core/source.ts';
import { type HandOverState, createHandOverState } from './hand-over-state.ts';
import { parseMetadata } from './commit-metadata.ts';
import { type PartialProgress, createPartialProgress } from './partial-progress.ts';
import { type OffsetTracker, createOffsetTracker } from './offset-tracker.ts';

/** A partition that is ours under one epoch. */
export interface Partition {
  readonly topic: string;
  readonly partition: number;
  readonly epoch: number;
  readonly tracker: OffsetTracker;
  readonly progress: PartialProgress;
  readonly handOver: HandOverState;
  /** What was committed last under this epoch, or where reading started. */
  committed: number;
  /** What was committed with it. */
  committedMetadata: string | undefined;
  /** The watermark at the last commit, to see whether something holds it. */
  watermarkSeen: number;
  /** Everything below was read and routed. */
  readTo: number;
  /** Where the partition ended when last heard of. */
  end: number | undefined;
  /** Where it ended when that was looked up last. */
  latest: number | undefined;
  /** Records that are settled, and how many of them telemetry has heard of. */
  settled: number;
  settledReported: number;
  /** It went to another process. */
  lost: boolean;
  paused: boolean;
}

/** @param now By the monotonic clock. */
export function createPartition(assigned: AssignedPartition, epoch: number, now: number): Partition {
  const { position, metadata } = assigned;
  const inherited = parseMetadata(metadata, position);
  return {
    topic: assigned.topic,
    partition: assigned.partition,
    epoch,
    tracker: createOffsetTracker(position),
    progress: createPartialProgress(inherited.done),
    handOver: createHandOverState(assigned, inherited, now),
    committed: position,
    committedMetadata: metadata === '' ? undefined : metadata,
    watermarkSeen: Number.NaN,
    readTo: position,
    end: assigned.end,
    latest: undefined,
    settled: 0,
    settledReported: 0,
    lost: false,
    paused: false,
  };
}
