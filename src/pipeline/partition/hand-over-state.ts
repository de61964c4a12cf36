import type { AssignedPartition } from '../../core/source.ts';
import type { CommitMetadata } from './commit-metadata.ts';

/** What the process that had a partition before says about its requests that change audiences. */
export type Inherited =
  /** There was none, or it left in order. */
  | 'nothing'
  | 'not_clean'
  /** Somebody's commit, which says nothing about it. */
  | 'unknown';

/** Of a partition under one epoch: whose requests that change audiences may be on their way. */
export interface HandOverState {
  readonly inherited: Inherited;
  /** When it was assigned, by the monotonic clock. */
  readonly since: number;
  /** Changes were asked for: commits say "not clean" from now on. */
  changing: boolean;
  /** A commit under this epoch has said so. */
  announced: boolean;
  /** Changes wait no longer. */
  open: boolean;
  /** It was reported that changes wait for an earlier process. */
  reported: boolean;
  /** What waits, in order. */
  readonly waiting: (() => void)[];
  /** Requests of ours without an end. */
  underWay: number;
  /** Until when, by the monotonic clock, one that ended without a definite answer may still reach Meta. */
  aliveUntil: number;
}

export function createHandOverState(
  { fresh }: AssignedPartition,
  { clean }: CommitMetadata,
  since: number,
): HandOverState {
  const unclean = clean === undefined ? 'unknown' : 'not_clean';
  return {
    inherited: fresh === true || clean === true ? 'nothing' : unclean,
    since,
    changing: false,
    announced: false,
    open: false,
    reported: false,
    waiting: [],
    underWay: 0,
    aliveUntil: 0,
  };
}
