import { setTimeout as sleep } from 'node:timers/promises';
import { audienceEvents } from '../../../examples/audience-events.ts';
import { liveShopEvents, type ShopEvent } from '../../../examples/shop-events.ts';
import { produceRecords } from '../../kafka/client/produce.ts';

export interface Traffic {
  readonly connection: { readonly brokers: readonly string[]; readonly clientId: string };
  readonly topic: string;
}

/** Sends the events in small portions over `millis`, as a shop would. */
export async function produceSlowly(traffic: Traffic, events: readonly ShopEvent[], millis: number): Promise<void> {
  const portions = 20;
  const size = Math.max(1, Math.ceil(events.length / portions));
  for (let start = 0; start < events.length; start += size) {
    await produceRecords(traffic.connection, traffic.topic, events.slice(start, start + size));
    await sleep(millis / portions);
  }
}

const tickMillis = 1000;
/** One to five a second, and now and then a customer who joins an audience or leaves one. */
const eventsOfTick = [3, 1, 4, 2, 5, 2];

/** The shop goes on until the signal: what shows as life on the console. */
export async function keepProducing({ connection, topic }: Traffic, signal: AbortSignal): Promise<void> {
  const shop = liveShopEvents(2, Date.now);
  const members = audienceEvents(3, Date.now);
  for (let tick = 0; !signal.aborted; tick++) {
    const records = [...take(shop, eventsOfTick[tick % eventsOfTick.length] ?? 1), ...take(members, 1 + (tick % 2))];
    await produceRecords(connection, topic, records);
    await sleep(tickMillis, undefined, { signal }).catch(() => undefined);
  }
}

function take<T>(events: Generator<T>, count: number): readonly T[] {
  return Array.from({ length: count }, () => events.next().value as T);
}
