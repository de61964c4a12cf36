import type { RecordBatch, Source, SourceHandlers } from '../core/source.ts';
import { ownedHeaders, partitionKey, type SourceRecord, type TopicPartition } from '../core/record.ts';
import type { Prefetch } from '../core/value-reading.ts';

interface Waits {
  /** Why a partition waits, in words. */
  reasons(): readonly string[];
  /** So many partitions wait now. */
  waiting(partitions: number): void;
}

/** A partition whose next records can't be read yet. */
interface Waiting {
  readonly at: TopicPartition;
  readonly batches: RecordBatch[];
  readonly abort: AbortController;
}

/**
 * A source whose records arrive only when everything is there that reading them needs. A partition that waits is paused,
 * and keeps its order; others go on. What is there already passes through at once.
 *
 */
export function prefetching(source: Source, prefetch: Prefetch, { reasons, waiting: tell }: Waits): Source {
  const waiting = new Map<string, Waiting>();
  const pausedByPipeline = new Set<string>();
  let ended = false;
  let stopped = false;

  function take(handlers: SourceHandlers, batch: RecordBatch): void {
    if (stopped) return;
    const key = partitionKey(batch);
    const before = waiting.get(key);
    if (before !== undefined) {
      before.batches.push(owned(batch));
      return;
    }
    const abort = new AbortController();
    const coming = prefetch.prepare(batch.records, abort.signal);
    if (coming === undefined) {
      handlers.batch(batch);
      return;
    }
    const at = { topic: batch.topic, partition: batch.partition };
    const wait: Waiting = { at, batches: [owned(batch)], abort };
    waiting.set(key, wait);
    tell(waiting.size);
    source.pause([at]);
    void release(handlers, key, wait, coming);
  }

  async function release(handlers: SourceHandlers, key: string, wait: Waiting, first: Promise<void>): Promise<void> {
    const { signal } = wait.abort;
    try {
      let coming: Promise<void> | undefined = first;
      for (let batch = wait.batches[0]; batch !== undefined; batch = wait.batches[0]) {
        await coming;
        if (signal.aborted) return;
        // Whoever asked for the same schema first may have given up.
        coming = prefetch.prepare(batch.records, signal);
        if (coming !== undefined) continue;
        wait.batches.shift();
        handlers.batch(batch);
        // A handler may have taken the partition away.
        if (signal.aborted) return;
      }
    } catch (error) {
      if (!signal.aborted) handlers.failed(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    waiting.delete(key);
    tell(waiting.size);
    if (!pausedByPipeline.has(key)) source.resume([wait.at]);
    if (ended && waiting.size === 0) handlers.finished();
  }

  function drop(key: string): void {
    waiting.get(key)?.abort.abort();
    if (waiting.delete(key)) tell(waiting.size);
  }

  function dropAll(): void {
    stopped = true;
    for (const key of [...waiting.keys()]) drop(key);
  }

  return {
    ...source,
    start: (handlers) =>
      source.start({
        ...handlers,
        assigned(partitions, epoch) {
          for (const partition of partitions) {
            drop(partitionKey(partition));
            pausedByPipeline.delete(partitionKey(partition));
          }
          handlers.assigned(partitions, epoch);
        },
        lost(partitions) {
          for (const partition of partitions) {
            drop(partitionKey(partition));
            pausedByPipeline.delete(partitionKey(partition));
          }
          handlers.lost(partitions);
        },
        batch: (batch) => take(handlers, batch),
        finished() {
          ended = true;
          if (waiting.size === 0) handlers.finished();
        },
      }),
    pause(partitions) {
      for (const partition of partitions) pausedByPipeline.add(partitionKey(partition));
      source.pause(partitions);
    },
    resume(partitions) {
      for (const partition of partitions) pausedByPipeline.delete(partitionKey(partition));
      source.resume(partitions.filter((partition) => !waiting.has(partitionKey(partition))));
    },
    ...(source.withhold !== undefined && {
      withhold(partition: TopicPartition) {
        drop(partitionKey(partition));
        source.withhold?.(partition);
      },
    }),
    async quiesce() {
      dropAll();
      await source.quiesce();
    },
    async stop() {
      dropAll();
      await source.stop();
    },
    waits: () => [...(source.waits?.() ?? []), ...(waiting.size === 0 ? [] : reasons())],
  };
}

/** Copies, because a source may use the bytes again once its handler has returned. */
function owned(batch: RecordBatch): RecordBatch {
  return { ...batch, records: batch.records.map(ownedRecord) };
}

function ownedRecord(record: SourceRecord): SourceRecord {
  return {
    ...record,
    key: record.key && Buffer.from(record.key),
    value: record.value && Buffer.from(record.value),
    headers: record.headers && ownedHeaders(record.headers),
  };
}
