import { expect, it } from 'vitest';
import type { RecordBatch } from '../../../src/core/source.ts';
import { createAssignment, type OwnedPartition } from '../../../src/kafka/consumer/assignment.ts';
import { createCommitter } from '../../../src/kafka/consumer/committer.ts';
import { createPositions } from '../../../src/kafka/consumer/positions.ts';
import { createReader } from '../../../src/kafka/consumer/reader.ts';
import { withDefaults } from '../../../src/kafka/consumer/source-config.ts';
import { createTopicLogs } from '../../../src/kafka/consumer/topic-logs.ts';
import { recordsOf } from '../../../src/kafka/client/records.ts';
import { virtualClock } from '../../delivery/fakes.ts';

const where = { topic: 'events', partition: 0 };

/** A partition of which records up to 8 were read, and up to 5 are settled. */
function reading() {
  const assignment = createAssignment();
  const owned = assignment.join([where], false).gained[0] as OwnedPartition;
  Object.assign(owned, { phase: 'reading', epoch: 1, next: 8, committed: 5, emptySeen: true });
  const batches: RecordBatch[] = [];
  const seeks: number[] = [];
  const handlers = {
    assigned: () => undefined,
    lost: () => undefined,
    batch: (batch: RecordBatch) => void batches.push(batch),
    finished: () => undefined,
    failed: () => undefined,
  };
  const seek = ({ next }: { readonly next: number }) => void seeks.push(next);
  const positions = createPositions({
    settings: withDefaults({ brokers: [], clientId: 'tests', groupId: 'tests', topics: ['events'] }),
    dependencies: { clock: virtualClock(), warn: () => undefined },
    committer: createCommitter(assignment, async () => undefined),
    admin: async () => Promise.reject(new Error('there is no cluster')),
    logs: createTopicLogs(async () => new Map()),
    signal: new AbortController().signal,
    ...{ assignment, handlers, seek, changed: () => undefined, parking: new Set<string>() },
  });
  const reader = createReader({
    ...{ assignment, handlers, seek, records: recordsOf },
    stopped: () => false,
    mismatch: () => undefined,
  });
  return { owned, positions, reader, batches, seeks };
}

it('a fetch without records from before a partition was handed over again moves no position past what is to be read', () => {
  const { owned, positions, reader, batches, seeks } = reading();
  positions.withhold(where);
  positions.readmit(where);
  expect([owned.next, seeks]).toEqual([5, [5]]);
  // Asked for at 8, when the partition was withheld.
  reader.empty(where, '11');
  expect([owned.next, seeks, batches]).toEqual([5, [5, 5], []]);
  reader.empty(where, '6');
  expect([owned.next, batches]).toMatchObject([7, [{ readTo: 7, records: [] }]]);
});
