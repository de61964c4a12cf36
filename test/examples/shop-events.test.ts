import { describe, expect, test } from 'vitest';
import { type ShopEvent, shopEvents } from '../../examples/shop-events.ts';

const startTime = 1_750_000_000_000;

function made(count: number, seed = 1): readonly ShopEvent[] {
  return [...shopEvents({ count, seed, startTime })];
}

function parsed(event: ShopEvent): Record<string, unknown> {
  return JSON.parse(event.value?.toString() ?? 'null');
}

const sound = (event: ShopEvent) => event.kind === 'valid' || event.kind === 'unmatched';

describe('shopEvents', () => {
  test('gives the same events for the same seed, others for another', () => {
    expect(made(300)).toEqual(made(300));
    expect(made(300, 2)).not.toEqual(made(300));
  });

  test('gives as many as asked for, each sound one with an id of its own', () => {
    const events = made(2000);
    expect(events).toHaveLength(2000);
    const ids = events.filter(sound).map((event) => parsed(event)['messageId']);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('lies in the hour before the start, in the order of time', () => {
    const times = made(500)
      .filter(sound)
      .map((event) => Date.parse(String(parsed(event)['timestamp'])));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.every((time) => time > startTime - 3_600_000 && time <= startTime)).toBe(true);
  });

  test('breaks about one in twenty, in every way within a few hundred', () => {
    const broken = made(2000).filter((event) => !sound(event));
    expect(broken.length / 2000).toBeGreaterThan(0.035);
    expect(broken.length / 2000).toBeLessThan(0.065);
    expect(new Set(made(400).flatMap(({ flaw }) => flaw ?? [])).size).toBe(7);
  });

  test('says of each valid event what it becomes, of all four kinds within a few hundred', () => {
    const valid = made(300).filter(({ kind }) => kind === 'valid');
    expect(new Set(valid.map(({ expected }) => expected?.eventName))).toEqual(
      new Set(['PageView', 'AddToCart', 'Purchase', 'CompleteRegistration']),
    );
    for (const event of valid) expect(event.expected?.eventId).toBe(parsed(event)['messageId']);
  });

  test('keys all events of a customer alike, so that a topic keeps their order', () => {
    const keys = new Map<unknown, Set<string>>();
    for (const event of made(2000).filter(sound)) {
      const customer = parsed(event)['anonymousId'];
      keys.set(customer, (keys.get(customer) ?? new Set()).add(event.key));
    }
    expect(keys.size).toBeGreaterThan(30);
    for (const [customer, own] of keys) expect([customer, own.size]).toEqual([customer, 1]);
  });

  test('an order is the sum of its products and the shipping', () => {
    const orders = made(3000).filter((event) => event.expected?.eventName === 'Purchase');
    expect(orders.length).toBeGreaterThan(50);
    for (const order of orders) {
      const { properties } = parsed(order) as {
        properties: { products: { price: number; quantity: number }[]; total: number; shipping: number };
      };
      const sum = properties.products.reduce((total, { price, quantity }) => total + price * quantity, 0);
      expect(properties.total).toBeCloseTo(sum + properties.shipping, 2);
    }
  });
});
