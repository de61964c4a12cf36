import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../src/core/ports.ts';
import { ownedHeaders, type SourceRecord, type TopicPartition } from '../../src/core/record.ts';
import type { AssignedPartition, RecordBatch, SourceHandlers } from '../../src/core/source.ts';
import { createKafkaSource } from '../../src/kafka/consumer/source.ts';
import type { KafkaSource, KafkaSourceConfig } from '../../src/kafka/consumer/source-config.ts';

/** A source with everything that it told written down. */
export interface Member {
  readonly source: KafkaSource;
  readonly batches: RecordBatch[];
  readonly records: SourceRecord[];
  readonly failures: Error[];
  readonly warnings: { readonly code: string; readonly message: string }[];
  /** What happened, in order: `assigned`, `lost` and `batch` lines. */
  readonly story: string[];
  /** The partitions that are ours now and their epochs. */
  readonly owned: Map<number, AssignedPartition & { readonly epoch: number }>;
  values(): string[];
  /** Commits behind all that was read. */
  commitRead(): Promise<'committed' | 'fenced' | 'failed'>;
}

const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (millis, signal) => sleep(millis, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
};

export function member(config: KafkaSourceConfig, onBatch: (batch: RecordBatch) => void = () => undefined): Member {
  const warnings: Member['warnings'] = [];
  const source = createKafkaSource(config, {
    clock: systemClock,
    warn: (code, message) => void warnings.push({ code, message }),
  });
  const made: Member = {
    source,
    batches: [],
    records: [],
    failures: [],
    warnings,
    story: [],
    owned: new Map(),
    values: () => made.records.map(({ value }) => value?.toString() ?? 'null'),
    commitRead: () => {
      const ends = new Map(
        made.batches.map(({ topic, partition, epoch, records }) => [
          partition,
          { topic, partition, epoch, offset: records.at(-1)?.next ?? 0 },
        ]),
      );
      return source.commit([...ends.values()].filter((end) => made.owned.get(end.partition)?.epoch === end.epoch));
    },
  };
  handlersOf.set(made, {
    assigned: (partitions, epoch) => {
      for (const one of partitions) {
        made.owned.set(one.partition, { ...one, epoch });
        made.story.push(`assigned ${one.partition}@${one.position}`);
      }
    },
    lost: (partitions: readonly TopicPartition[]) => {
      for (const { partition } of partitions) {
        made.owned.delete(partition);
        made.story.push(`lost ${partition}`);
      }
    },
    batch: (batch) => {
      made.batches.push(batch);
      made.records.push(...batch.records.map(ownedRecord));
      made.story.push(`batch ${batch.partition}@${batch.records[0]?.offset}`);
      onBatch(batch);
    },
    finished: () => undefined,
    failed: (error) => void made.failures.push(error),
  });
  return made;
}

const handlersOf = new WeakMap<Member, SourceHandlers>();

export async function startMember(...args: Parameters<typeof member>): Promise<Member> {
  const made = member(...args);
  await join(made);
  return made;
}

export async function join(made: Member): Promise<void> {
  const handlers = handlersOf.get(made);
  if (handlers !== undefined) await made.source.start(handlers);
}

/** Waits until `condition` holds; fails with what it was waiting for. */
export async function until(what: string, condition: () => boolean, withinMillis = 60_000): Promise<void> {
  const end = Date.now() + withinMillis;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await sleep(10);
  }
}

/** A copy that pins no larger buffer. */
function ownedRecord(record: SourceRecord): SourceRecord {
  const { key, value, headers } = record;
  return {
    ...record,
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: headers === undefined ? undefined : ownedHeaders(headers),
  };
}
