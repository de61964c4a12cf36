import { randomOf } from './shop-events.ts';
import { traitsOf } from './shop-visit.ts';
import { type Customer, customers } from './shop-world.ts';

/** A customer who joins an audience or leaves it, as Segment Engage tells it. */
export interface AudienceEvent {
  readonly key: string;
  readonly value: Buffer;
}

/** Keys of the shop's audiences, and the share of its customers who are in each on the whole. */
const audiences: readonly (readonly [key: string, share: number])[] = [
  ['vip_customers', 0.3],
  ['left_a_cart', 0.6],
];

/** Customers come and go, each audience keeping about its size. Without an end. */
export function* audienceEvents(seed: number, now: () => number): Generator<AudienceEvent> {
  const random = randomOf(seed);
  const known = customers.filter(({ userId }) => userId !== undefined);
  for (let index = 0; ; index++) {
    const [key, share] = audiences[index % audiences.length] ?? ['', 0];
    const customer = known[Math.floor(random() * known.length)];
    if (customer === undefined) return;
    const value = identify(customer, key, random() < share, index, now());
    yield { key: customer.userId ?? customer.anonymousId, value };
  }
}

function identify(customer: Customer, key: string, joins: boolean, index: number, millis: number): Buffer {
  const call = {
    type: 'identify',
    messageId: `audience-${key}-${index}-${millis}`,
    timestamp: new Date(millis).toISOString(),
    userId: customer.userId,
    traits: { ...traitsOf(customer), [key]: joins },
    context: { personas: { computation_class: 'audience', computation_key: key, computation_id: `aud_${key}` } },
  };
  return Buffer.from(JSON.stringify(call));
}
