import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AssignedPartition, CommitRequest, RecordBatch, Source, SourceHandlers } from '../../src/core/source.ts';
import type { SourceRecord } from '../../src/core/record.ts';

/** What a source told its handlers. */
export interface Recording {
  readonly assigned: AssignedPartition[];
  readonly batches: RecordBatch[];
  readonly errors: Error[];
  readonly handlers: SourceHandlers;
  /** Resolves at `ended`, rejects at `failed`. */
  readonly finished: Promise<void>;
  records(): readonly SourceRecord[];
  texts(): readonly string[];
}

export function recording(onBatch: (batch: RecordBatch) => void = () => undefined): Recording {
  const finished = Promise.withResolvers<void>();
  finished.promise.catch(() => undefined);
  const batches: RecordBatch[] = [];
  const assigned: AssignedPartition[] = [];
  const errors: Error[] = [];
  const records = () => batches.flatMap((batch) => batch.records);
  return {
    assigned,
    batches,
    errors,
    finished: finished.promise,
    records,
    texts: () => records().map((record) => record.value?.toString() ?? ''),
    handlers: {
      assigned: (partitions) => assigned.push(...partitions),
      lost: () => undefined,
      batch(batch) {
        batches.push(batch);
        onBatch(batch);
      },
      finished: finished.resolve,
      failed(error) {
        errors.push(error);
        finished.reject(error);
      },
    },
  };
}

/** Starts the source, waits for its end, and leaves it running so that it can commit. */
export async function readToEnd(source: Source): Promise<Recording> {
  const seen = recording();
  await source.start(seen.handlers);
  await seen.finished;
  return seen;
}

export function commitAt(batch: RecordBatch, offset: number): CommitRequest {
  return { topic: batch.topic, partition: batch.partition, epoch: batch.epoch, offset };
}

/** A folder of the test's own, gone after it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'meta-actions-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
