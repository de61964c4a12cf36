import type { DeadLetter } from '../../src/core/dead-letter.ts';
import type { SourceRecord } from '../../src/core/record.ts';

export const record: SourceRecord = {
  topic: 'events',
  partition: 3,
  offset: 42,
  next: 43,
  timestamp: 1_750_000_000_000,
  key: Buffer.from('user-1'),
  value: Buffer.from('{"type":"track"}'),
  headers: { trace: Buffer.from('a1') },
};

/** A letter that has every member. */
export const letter: DeadLetter = {
  record,
  failure: {
    code: 'META_100_2804009',
    message: 'the purchase has no value',
    field: 'value',
    fix: 'map value',
    entries: 'users[1-3]',
    meta: { status: 400, code: 100, subcode: 2804009, fbtraceId: 'Atrace' },
  },
  destination: 'web-store',
  subscription: 'Orders',
  action: 'purchase',
  eventId: 'm-1',
  attempts: 2,
  at: 1_750_000_001_000,
};

/** A letter at `offset` that has only what every letter has. */
export function letterAt(offset: number, value: Buffer | null = Buffer.from('x')): DeadLetter {
  return {
    record: { ...record, offset, next: offset + 1, key: null, value, headers: undefined },
    failure: { code: 'NOT_JSON', message: 'the record is not JSON' },
    at: 1,
  };
}
