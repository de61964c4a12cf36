import type { SourceRecord } from '../../core/record.ts';

/** A record with this value, as one that was read from a place of no topic: at `index`, of the time `now` (Unix milliseconds). */
export function recordOf(value: Buffer, index: number, now: number, topic = 'explain'): SourceRecord {
  return {
    topic,
    partition: 0,
    offset: index,
    next: index + 1,
    timestamp: now,
    key: null,
    value,
    headers: undefined,
  };
}
