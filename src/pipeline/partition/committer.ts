import { messageOf } from '../../core/errors.ts';
import type { Telemetry } from '../../core/ports.ts';
import type { CommitRequest, Source } from '../../core/source.ts';
import type { HandOver } from './hand-over.ts';
import { type CommitMetadata, maxMetadataBytes, printMetadata } from './commit-metadata.ts';
import type { Partition } from './partition.ts';

export interface CommitterOptions {
  readonly source: Source;
  readonly telemetry: Telemetry;
  readonly intervalMillis: number;
  /** Settled records after which a commit doesn't wait for the interval. */
  readonly everyRecords: number;
  partitions(): Iterable<Partition>;
  /** Whether the subscription (`subscriptionKey`) changes audiences. */
  changesAudiences(key: string): boolean;
  readonly handOver: Pick<HandOver, 'clean' | 'mustAnnounce' | 'tick'>;
}

/** Commits watermarks: one commit at a time, never backwards, only for partitions that are ours. */
export interface Committer {
  start(): void;
  /** Called when records settled. */
  settled(records: number): void;
  /** Commits what is settled now, after a commit that is under way. */
  flush(): Promise<void>;
  stop(): void;
}

interface Due {
  readonly partition: Partition;
  readonly request: CommitRequest;
  readonly clean: boolean | undefined;
}

/**
 * With what is done above the watermark, where something holds the watermark: while all goes well the few records in
 * flight aren't worth the bytes.
 */
function metadataOf(
  partition: Partition,
  watermark: number,
  clean: boolean | undefined,
  changesAudiences: CommitterOptions['changesAudiences'],
): string | undefined {
  const { progress, readTo, tracker, watermarkSeen } = partition;
  partition.watermarkSeen = watermark;
  const held = tracker.size() > 0 && watermark === watermarkSeen;
  const textOf = (done: CommitMetadata['done']) => printMetadata(watermark, { done, clean });
  const fits = (done: CommitMetadata['done']) => Buffer.byteLength(textOf(done) ?? '') <= maxMetadataBytes;
  const isWorthIt = held || progress.inherits(watermark);
  return textOf(isWorthIt ? progress.done(watermark, readTo, fits, changesAudiences) : new Map());
}

export function createCommitter(options: CommitterOptions): Committer {
  const { source, telemetry, handOver } = options;
  let timer: NodeJS.Timeout | undefined;
  let settledSince = 0;
  let underWay: Promise<void> | undefined;

  function requests(): Due[] {
    const list: Due[] = [];
    for (const partition of options.partitions()) {
      const offset = partition.tracker.watermark();
      const clean = handOver.clean(partition);
      const metadata = metadataOf(partition, offset, clean, options.changesAudiences);
      const same = offset <= partition.committed && metadata === partition.committedMetadata;
      if (same && !handOver.mustAnnounce(partition)) continue;
      const { topic, partition: number, epoch } = partition;
      list.push({
        partition,
        clean,
        request: { topic, partition: number, epoch, offset, ...(metadata !== undefined && { metadata }) },
      });
    }
    return list;
  }

  async function commit(): Promise<void> {
    settledSince = 0;
    const list = requests();
    if (list.length === 0) return;
    let result: 'committed' | 'fenced' | 'failed';
    let message: string = '';
    try {
      result = await source.commit(list.map(({ request }) => request));
    } catch (error) {
      result = 'failed';
      message = messageOf(error);
    }
    if (result !== 'committed') {
      telemetry.emit({ kind: 'commit_failed', result, message });
      return;
    }
    for (const { partition, request, clean } of list) {
      const { topic, offset, metadata } = request;
      // Of this very epoch: the same partition under a later one is another object.
      partition.committed = offset;
      partition.committedMetadata = metadata;
      if (clean === false) partition.handOver.announced = true;
      telemetry.emit({ kind: 'committed', topic, partition: request.partition, offset });
    }
    handOver.tick();
  }

  async function commitOnce(): Promise<void> {
    if (underWay !== undefined) return underWay;
    underWay = commit().finally(() => {
      underWay = undefined;
    });
    return underWay;
  }

  return {
    start() {
      timer = setInterval(() => void commitOnce(), options.intervalMillis);
    },
    settled(records) {
      settledSince += records;
      if (settledSince >= options.everyRecords && underWay === undefined) void commitOnce();
    },
    async flush() {
      await underWay;
      await commitOnce();
    },
    stop: () => clearInterval(timer),
  };
}
