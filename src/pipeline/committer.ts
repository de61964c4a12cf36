import { messageOf } from '../core/errors.ts';
import type { CommitRequest, Source, Telemetry } from '../core/ports.ts';
import type { Partition } from './partition.ts';

export interface CommitterOptions {
  readonly source: Source;
  readonly telemetry: Telemetry;
  readonly intervalMillis: number;
  /** Settled records after which a commit doesn't wait for the interval. */
  readonly everyRecords: number;
  partitions(): Iterable<Partition>;
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

export function committer(options: CommitterOptions): Committer {
  const { source, telemetry } = options;
  let timer: NodeJS.Timeout | undefined;
  let settledSince = 0;
  let underWay: Promise<void> | undefined;

  function requests(): CommitRequest[] {
    const list: CommitRequest[] = [];
    for (const partition of options.partitions()) {
      const offset = partition.tracker.watermark();
      if (offset <= partition.committed) continue;
      list.push({ topic: partition.topic, partition: partition.partition, epoch: partition.epoch, offset });
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
      result = await source.commit(list);
    } catch (error) {
      result = 'failed';
      message = messageOf(error);
    }
    if (result !== 'committed') {
      telemetry.emit({ kind: 'commit_failed', result, message });
      return;
    }
    for (const { topic, partition, offset, epoch } of list) {
      for (const ours of options.partitions()) {
        if (ours.topic === topic && ours.partition === partition && ours.epoch === epoch) ours.committed = offset;
      }
      telemetry.emit({ kind: 'committed', topic, partition, offset });
    }
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
