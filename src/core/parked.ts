import type { ParkedPart, SourceRecord, TopicPartition } from './record.ts';

/** A record's part on its way to a parking place. */
export interface ParkedRecord extends ParkedPart {
  readonly record: SourceRecord;
}

/**
 * A durable place for deliveries of blocked lanes. Each destination has a partition of its own there for every partition
 * of the source, whose owner alone writes and reads it; the source yields it like any other partition.
 */
export interface ParkingPlace {
  /** Creates or checks the places of the destinations that park; rejects with a `ConnectorError`. */
  open(): Promise<void>;
  /** Where a destination's parts of that partition's records wait; undefined: it has no place. */
  placeOf(destination: string, of: TopicPartition): TopicPartition | undefined;
  /** The partition whose records wait in a partition of the source, and for whom; undefined: it is no parking place. */
  hostOf(place: TopicPartition): (TopicPartition & { readonly destination: string }) | undefined;
  /** Appends in this order and resolves with the position behind the last; or rejects, some perhaps written. */
  write(place: TopicPartition, records: readonly ParkedRecord[]): Promise<number>;
  close(): Promise<void>;
}
