import { readJson } from '../../core/read-json.ts';
import { readReplayed } from '../../core/replayed.ts';
import { createReplayedKeys, type ReplayedKeys } from '../../core/replayed-keys.ts';
import { type KafkaConnection, withAdmin } from '../client/client.ts';
import type { KafkaLog } from '../client/logger.ts';
import { createTopicReader } from '../client/topic-reader.ts';

/** The marks of a dead-letter topic, in the compacted topic `TOPIC.replayed`. */
export interface KafkaReplayedKeys {
  /** Reads what was added since the last time. */
  upToDate(): Promise<ReplayedKeys>;
  close(): Promise<void>;
}

export function createKafkaReplayedKeys(
  config: KafkaConnection & { readonly topic: string },
  log: KafkaLog,
): KafkaReplayedKeys {
  const topic = `${config.topic}.replayed`;
  const reader = createTopicReader(config, topic, log);
  const replayed = createReplayedKeys();
  const ends = new Map<number, number>();
  let exists = false;
  let reading: Promise<ReplayedKeys> | undefined;

  /**
   * The first replay makes it, and whoever looks right after that is to see what was replayed. To ask for its partitions
   * would make it where the broker makes topics by itself.
   */
  async function isThere(): Promise<boolean> {
    if (exists) return true;
    const place = { brokers: config.brokers, topics: [topic] };
    exists = (await withAdmin(config, log, place, (admin) => admin.listTopics())).includes(topic);
    return exists;
  }

  async function read(): Promise<ReplayedKeys> {
    if (!(await isThere())) return replayed;
    const ranges = await reader.ranges();
    if ([...ranges].some(([partition, { high }]) => high < (ends.get(partition) ?? 0))) {
      // It was deleted and made again.
      replayed.clear();
      ends.clear();
    }
    for (const [partition, { low, high }] of ranges)
      await readOn(partition, Math.max(low, ends.get(partition) ?? 0), high);
    return replayed;
  }

  async function readOn(partition: number, from: number, high: number): Promise<void> {
    let next = from;
    while (next < high) {
      const messages = await reader.read(partition, next);
      for (const { key, value, offset } of messages) {
        next = Number(offset) + 1;
        if (key !== null) take(key.toString(), value);
      }
      // Nothing but markers of transactions, or what was compacted away.
      if (messages.length === 0) break;
    }
    ends.set(partition, Math.max(next, high));
  }

  /** An erasure takes marks back. */
  function take(key: string, value: Buffer | null): void {
    const mark = value === null ? undefined : readReplayed(readJson(value));
    if (mark === undefined) replayed.delete(key);
    else replayed.add(key, mark);
  }

  return {
    upToDate() {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    close: () => reader.close(),
  };
}
