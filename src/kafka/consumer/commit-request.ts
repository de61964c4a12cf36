import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { OffsetToCommit, SendCommit } from './committer.ts';

/** What kafkajs gives with a batch. */
type OfBatch = Pick<EachBatchPayload, 'commitOffsetsIfNecessary' | 'isRunning'>;

export interface CommitRequests {
  readonly send: SendCommit;
  use(batch: OfBatch): void;
  /** It was of a membership that has ended. */
  reset(): void;
}

/**
 * Commits through kafkajs. The function that it gives with a batch neither tries again under a later generation nor
 * does nothing in silence, as the consumer's own may; that one is only for the time before the first batch. A consumer that
 * has crashed and started again is another member: a batch of the one before may still come late, and its commits would be
 * refused for ever.
 */
export function createCommitRequests(consumer: () => Consumer | undefined): CommitRequests {
  let latest: OfBatch | undefined;

  async function send(offsets: readonly OffsetToCommit[]): Promise<void> {
    const texts = offsets.map((offset) => ({ ...offset, offset: String(offset.offset) }));
    if (latest?.isRunning() !== true) return consumer()?.commitOffsets(texts);
    const topics = [...new Set(offsets.map(({ topic }) => topic))];
    return latest.commitOffsetsIfNecessary({
      topics: topics.map((topic) => ({ topic, partitions: texts.filter((text) => text.topic === topic) })),
    });
  }

  return {
    send,
    use: (batch) => {
      latest = batch;
    },
    reset: () => {
      latest = undefined;
    },
  };
}
