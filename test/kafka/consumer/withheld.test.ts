import type { Admin } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import type { AssignedPartition } from '../../../src/core/source.ts';
import { createAssignment, type OwnedPartition } from '../../../src/kafka/consumer/assignment.ts';
import { createCommitter } from '../../../src/kafka/consumer/committer.ts';
import { createPositions } from '../../../src/kafka/consumer/positions.ts';
import { createReader } from '../../../src/kafka/consumer/reader.ts';
import { withDefaults } from '../../../src/kafka/consumer/source-config.ts';
import { createTopicLogs } from '../../../src/kafka/consumer/topic-logs.ts';
import { batchOf } from './batches.ts';

const topic = 'events.parked.shop';
const parking = { topic, partition: 1 };

/** A parking topic of two partitions. The group has a commit in the first; `committed`: of the second. */
async function assigned(committed: number | undefined, latest: number) {
  const assignment = createAssignment();
  const [owned] = assignment.join([parking], false).gained as [OwnedPartition];
  const handed: AssignedPartition[] = [];
  const read: number[] = [];
  const handlers = {
    assigned: (list: readonly AssignedPartition[]) => void handed.push(...list),
    lost: () => undefined,
    batch: ({ readTo }: { readonly readTo?: number }) => void read.push(readTo ?? -1),
    finished: () => undefined,
    failed: (error: Error) => expect.fail(error.message),
  };
  const range = { low: '0', high: String(latest), offset: String(latest) };
  const admin = {
    fetchTopicOffsets: async () => [0, 1].map((partition) => ({ partition, ...range })),
    fetchOffsets: async () => [
      {
        topic,
        partitions: [
          { partition: 0, offset: '5', metadata: null },
          { partition: 1, offset: String(committed ?? -1), metadata: null },
        ],
      },
    ],
  } as unknown as Admin;
  const positions = createPositions({
    settings: withDefaults({ clientId: 'c', brokers: ['127.0.0.1:1'], groupId: 'g', topics: ['events'] }),
    dependencies: {
      clock: { now: Date.now, monotonic: Date.now, sleep: async () => undefined },
      warn: (code, message) => expect.fail(`${code}: ${message}`),
    },
    assignment,
    committer: createCommitter(assignment, async () => undefined),
    handlers,
    admin: (work) => work(admin),
    seek: () => undefined,
    changed: () => undefined,
    signal: new AbortController().signal,
    parking: new Set([topic]),
    logs: createTopicLogs(async () => new Map()),
  });
  await positions.settle([topic], false, () => true);
  const reader = createReader({
    assignment,
    handlers,
    stopped: () => false,
    records: () => [],
    seek: () => undefined,
    mismatch: () => expect.fail('a batch that does not belong here'),
  });
  return { positions, reader, owned, handed, read };
}

describe('a partition that was withheld', () => {
  it('comes back with its end, or nobody could tell when it is read to there', async () => {
    const { positions, reader, handed } = await assigned(2, 4);
    expect(handed).toMatchObject([{ position: 2, end: 4 }]);
    reader.batch(batchOf(parking, 2, [2, 3, 4, 5]), () => undefined);
    positions.withhold(parking);
    positions.readmit(parking);
    expect(handed[1]).toMatchObject({ position: 2, end: 6 });
  });

  it('is read again from where it was begun if nothing of it was ever committed', async () => {
    const { positions, reader, handed } = await assigned(undefined, 3);
    expect(handed).toMatchObject([{ position: 0 }]);
    reader.batch(batchOf(parking, 0, [0, 1, 2]), () => undefined);
    positions.withhold(parking);
    positions.readmit(parking);
    expect(handed[1]).toMatchObject({ position: 0 });
  });
});
