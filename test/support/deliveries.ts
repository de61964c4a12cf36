import type { Delivery, PendingRecord } from '../../src/core/delivery.ts';
import type { SourceRecord } from '../../src/core/record.ts';
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
