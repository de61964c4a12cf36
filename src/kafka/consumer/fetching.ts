import type { Consumer } from 'kafkajs';
import { partitionKey, type TopicPartition } from '../../core/record.ts';
import type { Clock } from '../../core/ports.ts';
import type { Assignment } from './assignment.ts';

/** Tells kafkajs which partitions to fetch, and from where. */
export interface Fetching {
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  /** Nothing is fetched any more. */
  quiesce(): void;
  /** Whoever gets these partitions the next time hasn't asked for a pause. */
  forget(partitions: readonly TopicPartition[]): void;
  forgetAll(): void;
  isStopped(partition: TopicPartition): boolean;
  /**
   * Undefined: something may be fetched, or nothing ever will. Else resolves when it may, at the latest `longestWaitMillis` after
   * this was first asked since all is paused: kafkajs is to get to its heartbeats. Who holds a batch back until then has it
   * neither sleep for as long before it looks again, nor drop what it has fetched of a paused partition.
   */
  goesOn(): Promise<void> | undefined;
  /** Makes kafkajs's own pauses what they should be. It keeps them through a rebalance, but not through a restart. */
  apply(): void;
  seek(partition: TopicPartition & { readonly next: number }): void;
}

export interface FetchingOptions {
  readonly assignment: Assignment;
  /** The consumer, while it is a member: otherwise kafkajs throws on pause, resume and seek. */
  joined(): Consumer | undefined;
  readonly clock: Pick<Clock, 'sleep'>;
  /** How long kafkajs sleeps when there is nothing to fetch. */
  readonly longestWaitMillis: number;
}

export function createFetching({ assignment, joined, clock, longestWaitMillis }: FetchingOptions): Fetching {
  const paused = new Set<string>();
  let quiesced = false;
  /** Since all is paused: resolved when it isn't any more, or has been for long. */
  let wait: { readonly over: Promise<void>; readonly end: AbortController } | undefined;

  function isStopped(partition: TopicPartition): boolean {
    return quiesced || paused.has(partitionKey(partition));
  }

  /** Of what is read every partition is paused. */
  function isFull(): boolean {
    const read = assignment.all().filter(({ phase }) => phase === 'reading');
    return !quiesced && read.length > 0 && read.every(isStopped);
  }

  function endWait(): void {
    if (isFull()) return;
    wait?.end.abort();
    wait = undefined;
  }

  function apply(): void {
    endWait();
    const consumer = joined();
    if (consumer === undefined) return;
    for (const owned of assignment.all()) {
      const wanted = [{ topic: owned.topic, partitions: [owned.partition] }];
      if (isStopped(owned) || owned.phase !== 'reading') consumer.pause(wanted);
      else consumer.resume(wanted);
    }
  }

  function forget(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) paused.delete(partitionKey(partition));
    endWait();
  }

  return {
    pause: (partitions) => {
      const ours = partitions.filter((partition) => assignment.get(partition) !== undefined);
      for (const partition of ours) paused.add(partitionKey(partition));
      apply();
    },
    resume: (partitions) => {
      forget(partitions);
      apply();
    },
    quiesce: () => {
      quiesced = true;
      apply();
    },
    forget,
    forgetAll() {
      paused.clear();
      endWait();
    },
    isStopped,
    goesOn() {
      if (!isFull()) return undefined;
      if (wait === undefined) {
        const end = new AbortController();
        wait = { over: clock.sleep(longestWaitMillis, end.signal), end };
      }
      return wait.over;
    },
    apply,
    seek: ({ topic, partition, next }) => joined()?.seek({ topic, partition, offset: String(next) }),
  };
}
