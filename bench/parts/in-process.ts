import type { Delivery, PendingRecord } from '../../src/core/delivery.ts';
import type { AnalyticsEvent } from '../../src/core/event.ts';
import type { SourceRecord } from '../../src/core/record.ts';
import type { Destination as Loaded } from '../../src/core/subscription.ts';
import { loadDestination } from '../../src/load-destination.ts';
import { conversionsRequest } from '../../src/meta/conversions-request.ts';
import { batcher } from '../../src/pipeline/batcher.ts';
import type { Decoded } from '../../src/pipeline/decode.ts';
import { prepare } from '../../src/pipeline/prepare.ts';
import { type Destination, mappingsOf, productEnvironment } from '../harness/product.ts';

/** The product's steps, called without a broker and a network. */
export function loaded(destination: Destination): Promise<Loaded> {
  return loadDestination(mappingsOf(destination), { environment: productEnvironment('') });
}

/** Routes and prepares; the first delivery that the event becomes. */
export function preparedBy(destination: Loaded, event: AnalyticsEvent, record: SourceRecord, now: number): string {
  for (const subscription of destination.candidates(event)) {
    if (!subscription.matches(event)) continue;
    const prepared = prepare(destination, subscription, event, record, now);
    if (prepared.kind === 'ready') return prepared.body;
  }
  throw new Error('an order did not become a delivery');
}

/** All in one request, by way of the batcher. */
export function batched(deliveries: readonly Delivery[], settings: Loaded['settings']): Buffer {
  let request = Buffer.alloc(0);
  const batches = batcher({
    maxCount: deliveries.length,
    maxBytes: Number.POSITIVE_INFINITY,
    lingerMillis: 60_000,
    hasRoom: () => true,
    closed: (batch) => {
      const bodies = batch.map(({ body }) => body);
      request = conversionsRequest(settings, bodies).body as typeof request;
    },
  });
  for (const delivery of deliveries) batches.add(delivery);
  return request;
}

export function recordOf(value: Buffer, index: number): SourceRecord {
  return {
    topic: 'orders',
    partition: 0,
    offset: index,
    next: index + 1,
    timestamp: Date.now(),
    key: null,
    value,
    headers: undefined,
  };
}

export function present(decoded: Decoded): AnalyticsEvent {
  if (decoded.kind !== 'event') throw new Error('an order was not decoded');
  return decoded.event;
}

const pending: PendingRecord = {
  record: recordOf(Buffer.alloc(0), 0),
  hold: () => undefined,
  release: () => undefined,
  abandoned: false,
};

export function deliveryOf(body: string, index: number): Delivery {
  return {
    destination: 'shop',
    subscription: 'Orders',
    action: 'purchase',
    batchKey: '',
    body,
    bytes: body.length,
    eventId: String(index),
    eventName: 'Purchase',
    expiresAt: Number.POSITIVE_INFINITY,
    pending,
  };
}

/** The values that Meta gets, read from their places: the ten to be hashed come first. */
export function pathsRead(event: AnalyticsEvent): readonly string[] {
  // The events of the measurements all have this shape.
  const { context, properties, ...rest } = event as never as Readonly<Record<string, never>>;
  const { traits, page, ip, userAgent } = context as never as Readonly<Record<string, never>>;
  const { address, email, phone, firstName, lastName, birthday } = traits as never as Readonly<Record<string, never>>;
  const { city, state, postalCode, country } = address as never as Readonly<Record<string, never>>;
  const { url, referrer } = page as never as Readonly<Record<string, never>>;
  const { order_id, total, currency, products } = properties as never as Readonly<Record<string, never>>;
  const { userId, messageId, timestamp } = rest as Readonly<Record<string, never>>;
  const hashed = [email, phone, firstName, lastName, birthday, city, state, postalCode, country, userId];
  return [...hashed, ip, userAgent, url, referrer, order_id, total, currency, products, messageId, timestamp] as never;
}
