import type { ParkedDeliveries, SourceRecord, TopicPartition } from './record.ts';

/** The deliveries of one record on their way to a parking partition. */
export interface ParkedRecord extends ParkedDeliveries {
  readonly record: SourceRecord;
}

export interface WrittenParked {
  /** One at least. */
  readonly count: number;
  /** The position behind the last of them. */
  readonly end: number;
}

/**
 * Durable storage for the deliveries of blocked lanes. For every partition of the source each destination has a parking
 * partition of its own, which only the owner of the source's partition writes and reads. The source yields it like any
 * other partition.
 */
export interface ParkingStore {
  /** Creates or checks the parking partitions of the destinations that park; rejects with a `ConnectorError`. */
  open(): Promise<void>;
  /** Where a destination's deliveries of that partition's records wait; undefined: nothing of it is parked. */
  parkingPartitionOf(destination: string, of: TopicPartition): TopicPartition | undefined;
  /**
   * The source's partition whose records wait in a parking partition, and for which destination; undefined: it is none.
   */
  hostOf(partition: TopicPartition): (TopicPartition & { readonly destination: string }) | undefined;
  /**
   * Appends them in this order: all, or the first so many. If it rejects, none is written, or nobody has heard of it.
   *
   * @param isWanted Once it says no, the partition is another process's, and nothing more is sent.
   */
  write(partition: TopicPartition, records: readonly ParkedRecord[], isWanted: () => boolean): Promise<WrittenParked>;
  close(): Promise<void>;
}
