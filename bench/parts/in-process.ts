import type { Delivery } from '../../src/core/delivery.ts';
import type { AnalyticsEvent } from '../../src/core/event.ts';
import type { SourceRecord } from '../../src/core/record.ts';
import type { Destination as Loaded } from '../../src/core/subscription.ts';
import { loadDestination } from '../../src/connector/load-destination.ts';
import { conversionsSink } from '../../src/meta/conversions-sink.ts';
import type { GraphClient } from '../../src/meta/graph-client.ts';
import { createBatcher } from '../../src/pipeline/lane/batcher.ts';
import type { Decoded } from '../../src/pipeline/route/decoded.ts';
import { unheldRecord } from '../../src/pipeline/partition/in-flight-record.ts';
import { type Prepared, prepare } from '../../src/pipeline/route/prepare.ts';
import { systemClock } from '../../src/connector/system-clock.ts';
import { type Destination, mappingsOf, productEnvironment } from '../harness/product.ts';

/** The product's steps, called without a broker and a network. */
export function loaded(destination: Destination): Promise<Loaded> {
  return loadDestination(mappingsOf(destination), { environment: productEnvironment('') });
}

/** Routes and prepares: what the first subscription that matches makes of the event. */
export function preparedBy(destination: Loaded, event: AnalyticsEvent, record: SourceRecord, now: number): Prepared {
  for (const subscription of destination.candidates(event)) {
    if (subscription.matches(event)) return prepare(destination, subscription, event, record, now);
  }
  throw new Error('no subscription takes the event');
}

/** As it is sent. */
export function bodyOf(prepared: Prepared): string {
  if (prepared.kind === 'ready') return prepared.body;
  throw new Error('an order did not become a delivery');
}

/** The body of one request with all of them, by way of the batcher and the sink, whose client goes no further. */
export function batcherTo(destination: Loaded): (deliveries: readonly Delivery[]) => Buffer {
  let body: Buffer | undefined;
  // The sink asks nothing else of it.
  const client = {
    request: (call) => {
      body = call.body;
      return new Promise(() => undefined);
    },
  } satisfies Pick<GraphClient, 'request'> as unknown as GraphClient;
  const sink = conversionsSink({
    client,
    destination: () => destination,
    lane: destination.name,
    clock: systemClock,
    telemetry: { emit: () => undefined },
  });
  const { signal } = new AbortController();
  return (deliveries) => {
    body = undefined;
    const batches = createBatcher({
      maxCount: deliveries.length,
      maxBytes: Number.POSITIVE_INFINITY,
      lingerMillis: 60_000,
      hasRoom: () => true,
      // The request is built before the first wait.
      closed: (batch) => void sink.send(batch, signal),
    });
    for (const delivery of deliveries) batches.add(delivery);
    if (body === undefined) throw new Error('the sink built no request');
    return body;
  };
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

const pending = unheldRecord(recordOf(Buffer.alloc(0), 0));

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
