import type { CommitRequest } from '../../core/source.ts';
import { partitionKey, type TopicPartition } from '../../core/record.ts';
import type { Assignment } from './assignment.ts';
import { protocolTypesOf } from '../client/errors.ts';
import { printCommitText } from './topic-logs.ts';

export interface OffsetToCommit extends TopicPartition {
  readonly offset: number;
  readonly metadata?: string;
  /** The log that the offset is of, if it is known. */
  readonly log?: string;
}

/** One request to the coordinator. Rejects when it was refused. */
export type SendCommit = (offsets: readonly OffsetToCommit[]) => Promise<void>;

export type CommitResult = 'committed' | 'fenced' | 'failed';

/** The coordinator's answers to a member that no longer belongs to the group's generation. */
const FENCED_TYPES = ['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID'];

export interface Committer {
  commit(requests: readonly CommitRequest[]): Promise<CommitResult>;
  /** Commits without an epoch: first positions, and repairs. */
  commitAny(offsets: readonly OffsetToCommit[]): Promise<CommitResult>;
  /** The coordinator has taken these. */
  acknowledged(
    offsets: readonly { readonly topic: string; readonly partition: number; readonly offset: string }[],
  ): void;
}

/**
 * Commits only what is still ours under the epoch that it was read in. Ownership is checked in the same tick as the
 * sending, and a commit counts only when kafkajs has reported its acknowledgement: while the consumer isn't running,
 * kafkajs's commit sends nothing and returns as if it had.
 */
export function createCommitter(assignment: Assignment, send: SendCommit): Committer {
  const latest = new Map<string, string>();

  async function sendAll(offsets: readonly OffsetToCommit[]): Promise<CommitResult> {
    for (const offset of offsets) {
      latest.delete(partitionKey(offset));
      moveTo(offset);
    }
    try {
      await send(offsets.map(withText));
    } catch (error) {
      const types = protocolTypesOf(error);
      return FENCED_TYPES.some((type) => types.has(type)) ? 'fenced' : 'failed';
    }
    return offsets.every((offset) => latest.get(partitionKey(offset)) === String(offset.offset))
      ? 'committed'
      : 'failed';
  }

  function moveTo({ topic, partition, offset }: OffsetToCommit): void {
    const owned = assignment.get({ topic, partition });
    if (owned !== undefined) owned.committed = Math.max(owned.committed ?? 0, offset);
  }

  function withLog(request: CommitRequest): OffsetToCommit {
    const log = assignment.get(request)?.log;
    return { ...request, ...(log !== undefined && { log }) };
  }

  return {
    commit: async (requests) => {
      const ours = requests.filter((request) => assignment.get(request)?.epoch === request.epoch);
      // Of a topic that is gone there is nothing to tell: nobody can read it again.
      const there = ours.filter((request) => assignment.get(request)?.phase !== 'gone');
      for (const request of ours) if (!there.includes(request)) moveTo(request);
      const result = there.length === 0 ? 'committed' : await sendAll(there.map(withLog));
      return result === 'committed' && ours.length < requests.length ? 'fenced' : result;
    },
    commitAny: sendAll,
    acknowledged: (offsets) => {
      for (const offset of offsets) latest.set(partitionKey(offset), offset.offset);
    },
  };
}

function withText({ topic, partition, offset, metadata, log }: OffsetToCommit): OffsetToCommit {
  const text = printCommitText(log, metadata);
  return { topic, partition, offset, ...(text !== undefined && { metadata: text }) };
}
