import type { AudienceRequestTerms } from '../../src/core/audience.ts';
import type { Delivery, PendingRecord } from '../../src/core/delivery.ts';
import type { EncodedRow } from '../../src/core/encoded-change.ts';
import type { SourceRecord } from '../../src/core/record.ts';
import type { SentRow } from '../../src/pipeline/audience/requests.ts';
import { unheldRecord } from '../../src/pipeline/partition/in-flight-record.ts';

export function fakeRecord(more: Partial<SourceRecord> = {}): SourceRecord {
  const offset = more.offset ?? 0;
  return {
    topic: 'events',
    partition: 0,
    offset,
    next: offset + 1,
    timestamp: 1_790_000_000_000,
    key: null,
    value: Buffer.from('{}'),
    headers: undefined,
    ...more,
  };
}

export function fakePending(more: Partial<PendingRecord> = {}): PendingRecord {
  return { ...unheldRecord(more.record ?? fakeRecord()), ...more };
}

/** A delivery whose body is `body`, for tests of what happens to deliveries. */
export function fakeDelivery(body: string, more: Partial<Delivery> = {}): Delivery {
  return {
    destination: 'shop',
    subscription: 'Orders',
    action: 'purchase',
    batchKey: '',
    body,
    bytes: Buffer.byteLength(body),
    pending: fakePending(),
    ...more,
  };
}

/** A row of a change as a delivery, for tests of the lanes of audiences. */
export function fakeRow<Q extends object>(
  change: Q,
  { body, at = 0, bytes }: EncodedRow,
  batchKey: string,
  terms: AudienceRequestTerms,
): SentRow<Q> {
  return { ...fakeDelivery('', { body, at, bytes, batchKey }), terms, change };
}
