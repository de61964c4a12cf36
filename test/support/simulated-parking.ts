import type { ParkedRecord, ParkingStore } from '../../src/core/parked.ts';
import type { SourceRecord, TopicPartition } from '../../src/core/record.ts';
import type { SimulatedPartition } from './simulated-source.ts';

/** A parking place in memory for one destination; its partition is the host's with 100 added, for `simulatedSource`. */
export interface SimulatedParking extends ParkingStore {
  /** What the source yields of the place beside a host's partition. */
  partition(host: number): SimulatedPartition & { readonly records: SourceRecord[] };
  /** While true, writes fail. */
  broken: boolean;
}

/** As where one request takes no more. */
const mostOfWrite = 200;

export function simulatedParking(destination: string, hostTopic: string): SimulatedParking {
  const topic = `${hostTopic}.parked.${destination}`;
  const places = new Map<number, SourceRecord[]>();

  function recordsOf(partition: number): SourceRecord[] {
    const found = places.get(partition) ?? [];
    places.set(partition, found);
    return found;
  }

  function comingBack({ record, ...part }: ParkedRecord, at: number): SourceRecord {
    return { ...record, next: at + 1, parked: { ...part, at } };
  }

  const simulated: SimulatedParking = {
    broken: false,
    async open() {},
    parkingPartitionOf: (name: string, of: TopicPartition) =>
      name === destination && of.topic === hostTopic ? { topic, partition: of.partition + 100 } : undefined,
    hostOf: (place) =>
      place.topic === topic ? { destination, topic: hostTopic, partition: place.partition - 100 } : undefined,
    async write({ partition }, records) {
      await new Promise((resolve) => setImmediate(resolve));
      if (simulated.broken) throw new Error('not writable');
      const there = recordsOf(partition);
      const taken = records.slice(0, mostOfWrite);
      for (const record of taken) there.push(comingBack(record, there.length));
      return { count: taken.length, end: there.length };
    },
    partition: (host) => ({ topic, partition: host + 100, records: recordsOf(host + 100) }),
    async close() {},
  };
  return simulated;
}
