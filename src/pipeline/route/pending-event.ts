import type { PendingRecord } from '../../core/delivery.ts';
import type { SourceRecord } from '../../core/record.ts';

/**
 * One event of a record in flight that holds several. The record settles when all of them have.
 *
 * @param recordOf Makes the event's record again, from that in flight.
 */
export function createPendingEvent(
  pending: PendingRecord,
  recordOf: (record: SourceRecord) => SourceRecord,
): PendingRecord {
  const { topic, partition, parked, timestamp } = pending;
  return {
    topic,
    partition,
    parked,
    timestamp,
    get record() {
      return recordOf(pending.record);
    },
    hold: (key) => pending.hold(key),
    release: (key) => pending.release(key),
    get abandoned() {
      return pending.abandoned;
    },
  };
}
