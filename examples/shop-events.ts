import { type BrokenEvent, brokenEvent, type Kind, type ShopCall } from './broken-events.ts';
import { type Random, type Step, traitsOf, type Visit, visitSteps } from './shop-visit.ts';
import { type Customer, customers } from './shop-world.ts';

export interface ShopEvent {
  /** The customer, so that a topic keeps the order of each. */
  readonly key: string;
  /** One JSON text; null is a tombstone. */
  readonly value: Buffer | null;
  /**
   * What becomes of it with `mappings/web-store.json`: `valid` is delivered once, `unmatched` and `tombstone` are
   * settled unsent, `invalid` and `undecodable` become dead letters.
   */
  readonly kind: Kind;
  /** Of a valid event. */
  readonly expected?: { readonly eventName: string; readonly eventId: string };
  /** What is wrong with a broken one. */
  readonly flaw?: string;
}

export interface ShopEventsOptions {
  readonly count: number;
  /** The same seed gives the same events. */
  readonly seed: number;
  /** Unix milliseconds: the events are of the hour before it. */
  readonly startTime: number;
}

const hour = 3_600_000;
const brokenShare = 0.05;

/** Meta's names for what the shop's calls become with `mappings/web-store.json`. */
const eventNames: Readonly<Record<string, string>> = {
  page: 'PageView',
  'Product Added': 'AddToCart',
  'Order Completed': 'Purchase',
  'Signed Up': 'CompleteRegistration',
};

interface Shopper {
  readonly customer: Customer;
  known: boolean;
  visits: number;
  /** The visit under way, and the click id that it began with. */
  visit: Visit;
  steps: Iterator<Step>;
  clickId: string | undefined;
}

/**
 * The traffic of a small web shop: some dozens of customers who look, put into carts, sign up and buy, in the order of
 * time, about one event in twenty broken on purpose. Endless counts are fine: it holds one visit per customer.
 */
export function* shopEvents({ count, seed, startTime }: ShopEventsOptions): Generator<ShopEvent> {
  const timeOf = (index: number, random: Random) => Math.floor(startTime - hour + ((index + random()) / count) * hour);
  yield* traffic(seed, count, timeOf);
}

/** The same shop without an end: each event happens when it is asked for. */
export function liveShopEvents(seed: number, now: () => number): Generator<ShopEvent> {
  return traffic(seed, Number.POSITIVE_INFINITY, now);
}

function* traffic(
  seed: number,
  count: number,
  timeOf: (index: number, random: Random) => number,
): Generator<ShopEvent> {
  const random = randomOf(seed);
  const shoppers = customers.map((customer) => enter(customer, 0, false, random));
  // It begins in the middle of things.
  for (const shopper of shoppers)
    for (let past = random() * 9; past > 1; past--) remember(shopper, nextStep(shopper, random));
  let broken = 0;
  for (let index = 0; index < count; index++) {
    const millis = timeOf(index, random);
    const shopper = shoppers[Math.floor(random() * shoppers.length)];
    if (shopper === undefined) return;
    const messageId = `${hex(seed)}-${hex(index)}-${hex(Math.floor(random() * 2 ** 32))}`;
    if (random() < brokenShare) {
      yield brokenOf(shopper, brokenEvent(call(shopper, sampleOrder(shopper), messageId, millis), broken));
      broken += 1;
    } else {
      const step = nextStep(shopper, random);
      yield soundOf(shopper, step, call(shopper, step, messageId, millis), messageId);
      remember(shopper, step);
    }
  }
}

/** What later calls of the visit know: the cookie is set when the page with the click id has been loaded. */
function remember(shopper: Shopper, step: Step): void {
  if (step.type === 'identify') shopper.known = true;
  if (step.query !== undefined) shopper.clickId = step.query.replace('?fbclid=', '');
}

function enter(customer: Customer, visits: number, known: boolean, random: Random): Shopper {
  const visit = { customer, known, id: `${customer.number}x${visits}` };
  return { customer, known, visits, visit, steps: visitSteps(visit, random), clickId: undefined };
}

/** The shopper's next call; one who has left comes again. */
function nextStep(shopper: Shopper, random: Random): Step {
  for (;;) {
    const { done, value } = shopper.steps.next();
    if (done !== true) return value;
    Object.assign(shopper, enter(shopper.customer, shopper.visits + 1, shopper.known, random));
  }
}

function soundOf({ customer }: Shopper, step: Step, made: ShopCall, eventId: string): ShopEvent {
  const eventName = eventNames[step.event ?? step.type];
  const value = Buffer.from(JSON.stringify(made));
  if (eventName === undefined) return { key: keyOf(customer), value, kind: 'unmatched' };
  return { key: keyOf(customer), value, kind: 'valid', expected: { eventName, eventId } };
}

function brokenOf({ customer }: Shopper, { kind, flaw, value }: BrokenEvent): ShopEvent {
  return { key: keyOf(customer), value, kind, flaw };
}

function keyOf(customer: Customer): string {
  return customer.userId ?? customer.anonymousId;
}

/** A sound order, for breaking. */
function sampleOrder({ customer, visit }: Shopper): Step {
  const properties = { order_id: `broken-${visit.id}`, total: 12.5, currency: customer.home.currency, products: [] };
  return { type: 'track', event: 'Order Completed', path: '/checkout/thanks', body: properties };
}

function call(shopper: Shopper, step: Step, messageId: string, millis: number): ShopCall {
  const { customer } = shopper;
  const known = shopper.known || step.type === 'identify';
  const cookies = browserCookies(shopper, millis);
  return {
    type: step.type,
    ...(step.event !== undefined && { event: step.event }),
    ...(step.name !== undefined && { name: step.name }),
    messageId,
    timestamp: new Date(millis).toISOString(),
    sentAt: new Date(millis + 40).toISOString(),
    anonymousId: customer.anonymousId,
    ...(known && { userId: customer.userId }),
    context: {
      library: { name: 'analytics.js', version: 'next-1.81.0' },
      ip: customer.ip,
      userAgent: customer.userAgent,
      locale: customer.home.locale,
      page: pageOf(step),
      ...(known && step.type !== 'identify' && { traits: traitsOf(customer) }),
    },
    ...(step.type === 'identify' ? { traits: step.body } : { properties: { ...step.body, ...cookies } }),
  };
}

function pageOf(step: Step): ShopCall {
  const url = `https://shop.example.com${step.path}`;
  const search = step.query ?? '';
  return { path: step.path, search, url: `${url}${search}`, referrer: '', title: step.name ?? 'Shop' };
}

/** The values of the pixel's cookies, as a shop's tracking plan forwards them. */
function browserCookies({ customer, clickId }: Shopper, millis: number): ShopCall {
  const seconds = Math.floor(millis / hour) * hour;
  return {
    fbp: `fb.1.${seconds}.${1_000_000_000 + customer.number}`,
    ...(clickId !== undefined && { fbc: `fb.1.${seconds}.${clickId}` }),
  };
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0');
}

/** Numbers in [0, 1) that a seed determines (Marsaglia's xorshift). */
export function randomOf(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
