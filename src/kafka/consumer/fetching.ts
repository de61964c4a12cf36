import type { Consumer } from 'kafkajs';
import { partitionKey, type TopicPartition } from '../../core/record.ts';
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
   * Undefined: something may be fetched, or nothing ever will. Else resolves when it may: who holds a batch back until then has
   * kafkajs neither sleep for its longest wait before it looks again, nor drop what it has fetched of a paused partition.
   */
  goesOn(): Promise<void> | undefined;
  /** Makes kafkajs's own pauses what they should be. It keeps them through a rebalance, but not through a restart. */
  apply(): void;
  seek(partition: TopicPartition & { readonly next: number }): void;
}

/** @param joined The consumer, while it is a member: otherwise kafkajs throws on pause, resume and seek. */
export function createFetching(assignment: Assignment, joined: () => Consumer | undefined): Fetching {
  const paused = new Set<string>();
  let quiesced = false;
  let waiting: PromiseWithResolvers<void> | undefined;

  function isStopped(partition: TopicPartition): boolean {
    return quiesced || paused.has(partitionKey(partition));
  }

  /** Of what is read every partition is paused. */
  function isFull(): boolean {
    const read = assignment.all().filter(({ phase }) => phase === 'reading');
    return !quiesced && read.length > 0 && read.every(isStopped);
  }

  function tellWaiting(): void {
    if (isFull()) return;
    waiting?.resolve();
    waiting = undefined;
  }

  function apply(): void {
    tellWaiting();
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
    tellWaiting();
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
      tellWaiting();
    },
    isStopped,
    goesOn() {
      if (!isFull()) return undefined;
      waiting ??= Promise.withResolvers();
      return waiting.promise;
    },
    apply,
    seek: ({ topic, partition, next }) => joined()?.seek({ topic, partition, offset: String(next) }),
  };
}
