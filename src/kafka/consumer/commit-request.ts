import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { OffsetToCommit, SendCommit } from './committer.ts';

type CommitOffsets = EachBatchPayload['commitOffsetsIfNecessary'];

export interface CommitRequests {
  readonly send: SendCommit;
  /** kafkajs gives one with each batch. */
  use(commitOffsets: CommitOffsets): void;
  /** It was of a membership that has ended. */
  reset(): void;
}

/**
 * Commits through kafkajs. The function that it gives with a batch neither tries again under a later generation nor
 * does nothing in silence, as the consumer's own may; that one is only for the time before the first batch.
 */
export function createCommitRequests(consumer: () => Consumer | undefined): CommitRequests {
  let commitOffsets: CommitOffsets | undefined;

  async function send(offsets: readonly OffsetToCommit[]): Promise<void> {
    const texts = offsets.map((offset) => ({ ...offset, offset: String(offset.offset) }));
    if (commitOffsets === undefined) return consumer()?.commitOffsets(texts);
    const topics = [...new Set(offsets.map(({ topic }) => topic))];
    return commitOffsets({
      topics: topics.map((topic) => ({ topic, partitions: texts.filter((text) => text.topic === topic) })),
    });
  }

  return {
    send,
    use: (given) => {
      commitOffsets = given;
    },
    reset: () => {
      commitOffsets = undefined;
    },
  };
}
