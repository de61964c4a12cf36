import type { PendingRecord } from '../../core/delivery.ts';
import { inTurn } from '../../core/in-turn.ts';
import type { ParkingStore } from '../../core/parked.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import { partitionKey, type TopicPartition } from '../../core/record.ts';
import type { Partition } from '../partition/partition.ts';
import { createParkingQueue, type ParkingQueue, type ReadBack } from './parking-queue.ts';

export interface ParkingQueuesOptions {
  /** Absent: nothing can be parked, as with files. */
  readonly parkingStore: ParkingStore | undefined;
  readonly partitions: ReadonlyMap<string, Partition>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** As `ParkingQueueOptions.closeWithin`. */
  readonly closeWithin: number;
  readonly signal: AbortSignal;
}

/** The queue of one destination and one partition of the source, with what is known about both. */
export interface OpenQueue extends ParkingQueue {
  readonly destination: string;
  readonly host: TopicPartition;
  readonly parkingPartition: TopicPartition;
  /** The assignment of the host that it is for; undefined: the host is not ours yet. */
  epoch: number | undefined;
  /** None of its lanes was blocked at the last tick. */
  open: boolean;
}

/** The parking queues of all destinations, each made when it is first asked for. */
export interface ParkingQueues {
  /** Undefined: nothing of this record may be parked. What comes back from a parking partition isn't parked again. */
  of(destination: string, pending: PendingRecord): OpenQueue | undefined;
  /** The same, but none is made for what comes to its end: its partition may have gone, and nothing would ever drain it. */
  known(destination: string, pending: PendingRecord): OpenQueue | undefined;
  /** Makes the queues of parking partitions that were assigned, though nothing came from their hosts so far. */
  discover(): void;
  all(): readonly OpenQueue[];
  /** Lets work into the queue, which first looks at how far its parking partition was read. */
  prepare(queue: OpenQueue): void;
  /** Tells the queue how far its parking partition was read. `full`: as much is in flight as may be. */
  check(queue: OpenQueue, full: boolean): void;
  /** Records in the queue's parking partition that are not settled. */
  backlogOf(queue: OpenQueue): number;
  /** Partitions went to another process. */
  purge(): void;
}

export function createParkingQueues(options: ParkingQueuesOptions): ParkingQueues {
  const { parkingStore, partitions, clock, telemetry, closeWithin, signal } = options;
  const queues = new Set<OpenQueue>();
  /** By destination, topic and partition; undefined: there is nowhere to park. Looked up for each delivery. */
  const byHost = new Map<string, Map<string, Map<number, OpenQueue | undefined>>>();
  /** Up to where a parking partition was settled when it was last read. */
  const settledTo = new Map<string, number>();
  /** Of a parking partition: its writes one after the other, and the queue of an earlier assignment that had one under way. */
  const writesInTurn = new Map<string, ReturnType<typeof inTurn>>();
  const before = new Map<string, OpenQueue>();

  function queueOf(destination: string, { topic, partition }: TopicPartition): OpenQueue | undefined {
    const ofDestination = getOrMake(byHost, destination, () => new Map<string, Map<number, OpenQueue | undefined>>());
    const ofTopic = getOrMake(ofDestination, topic, () => new Map<number, OpenQueue | undefined>());
    if (!ofTopic.has(partition)) ofTopic.set(partition, opened(destination, { topic, partition }));
    return ofTopic.get(partition);
  }

  function opened(destination: string, host: TopicPartition): OpenQueue | undefined {
    const parkingPartition = parkingStore?.parkingPartitionOf(destination, host);
    if (parkingStore === undefined || parkingPartition === undefined) return undefined;
    const queue = createParkingQueue({
      destination,
      host,
      clock,
      telemetry,
      signal,
      closeWithin,
      write(records, isWanted) {
        const writeInTurn = getOrMake(writesInTurn, partitionKey(parkingPartition), inTurn);
        return writeInTurn(() => parkingStore.write(parkingPartition, records, isWanted));
      },
    });
    const epoch = epochOf({ host });
    const open: OpenQueue = { ...queue, destination, host, parkingPartition, epoch, open: true };
    queues.add(open);
    return open;
  }

  const epochOf = ({ host }: Pick<OpenQueue, 'host'>) => partitions.get(partitionKey(host))?.epoch;
  const readerOf = ({ parkingPartition }: OpenQueue) => partitions.get(partitionKey(parkingPartition));

  function readBackOf(queue: OpenQueue): ReadBack | undefined {
    const reader = readerOf(queue);
    const key = partitionKey(queue.parkingPartition);
    const earlier = before.get(key);
    // As long as nobody knows where it ends, nothing says that it was read to there.
    if (reader?.end === undefined || earlier?.idle() === false) return undefined;
    const end = Math.max(reader.end, earlier?.end() ?? 0);
    if (end === reader.end) before.delete(key);
    return { readTo: reader.readTo, settledTo: reader.tracker.watermark(), end };
  }

  function check(queue: OpenQueue, full: boolean): void {
    queue.check(readBackOf(queue), queue.open, full);
  }

  return {
    of: (destination, pending) =>
      parkingStore === undefined || pending.parked !== undefined ? undefined : queueOf(destination, pending),
    known: (destination, { topic, partition, parked }) =>
      parked === undefined ? byHost.get(destination)?.get(topic)?.get(partition) : undefined,
    discover() {
      for (const partition of partitions.values()) {
        const host = parkingStore?.hostOf(partition);
        if (host !== undefined) queueOf(host.destination, host);
      }
    },
    all: () => [...queues],
    prepare(queue) {
      queue.epoch ??= epochOf(queue);
      if (!queue.direct()) check(queue, false);
    },
    check,
    backlogOf(queue) {
      const key = partitionKey(queue.parkingPartition);
      const known = readBackOf(queue)?.settledTo ?? settledTo.get(key) ?? 0;
      settledTo.set(key, known);
      return queue.direct() ? 0 : Math.max(0, queue.end() - known);
    },
    purge() {
      for (const queue of queues) {
        queue.purge();
        if (epochOf(queue) === queue.epoch) continue;
        queues.delete(queue);
        if (!queue.idle()) before.set(partitionKey(queue.parkingPartition), queue);
        byHost.get(queue.destination)?.get(queue.host.topic)?.delete(queue.host.partition);
      }
    },
  };
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const value = make();
  map.set(key, value);
  return value;
}
