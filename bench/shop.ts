/** The events of the measurements: an invented shop's orders and the people of an audience. */

const firstNames = ['Mary', 'Anna-Lena', 'José', 'Wei', 'Fatima', 'Jan', 'Olga', 'Tariq'];
const lastNames = ["O'Brien", 'Lindqvist', 'García', 'Zhang', 'Haddad', 'de Vries', 'Petrova', 'Khan'];
const cities = ['San Francisco', 'New York', 'Austin', 'Los Angeles', 'Chicago', 'Salt Lake City'];
const states = ['California', 'NY', 'Texas', 'CA', 'Illinois', 'Utah'];

/** Written into ids, so that the receiver knows which one came and when it was produced. */
export interface Stamp {
  readonly number: number;
  /** Unix milliseconds, with fractions. */
  readonly at: number;
}

/** Of one order or person: `o-48151-1790000000000000`. The receiver reads it from the bytes. */
export function stamped(prefix: 'o' | 'u', { number, at }: Stamp): string {
  return `${prefix}-${number}-${Math.round(at * 1000)}`;
}

function traitsOf(number: number) {
  return {
    email: `Jane.Doe+${number}@Shop.Example`,
    phone: `+1 (650) 253-${1000 + (number % 9000)}`,
    firstName: pick(firstNames, number),
    lastName: pick(lastNames, number),
    birthday: `19${50 + (number % 50)}-0${1 + (number % 9)}-1${number % 10}`,
    address: {
      city: pick(cities, number),
      state: pick(states, number),
      postalCode: `94${100 + (number % 900)}-1234`,
      country: 'US',
    },
  };
}

/**
 * An order as a browser library sends it, with ten identifiers that are hashed. 1.6 KB as JSON, or `bytes` when that is
 * more.
 */
export function order(stamp: Stamp, bytes = 0): Readonly<Record<string, unknown>> {
  const { number, at } = stamp;
  const event = {
    type: 'track',
    event: 'Order Completed',
    messageId: stamped('o', stamp),
    anonymousId: '0e4b6f8c-2d51-4c7e-9a61-0f3f0f6f2b11',
    userId: `customer-${number % 100_000}`,
    timestamp: new Date(at).toISOString(),
    sentAt: new Date(at).toISOString(),
    context: {
      ip: `203.0.113.${number % 250}`,
      library: { name: 'analytics.js', version: 'next-1.70.0' },
      locale: 'en-US',
      page: {
        path: '/checkout/complete',
        referrer: 'https://shop.example.com/checkout/payment',
        title: 'Thank you for your order',
        url: 'https://shop.example.com/checkout/complete?utm_source=newsletter&utm_campaign=autumn',
      },
      userAgent:
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
      traits: traitsOf(number),
    },
    integrations: { All: true },
    properties: {
      order_id: `order-${number}`,
      total: 103.4 + (number % 100),
      revenue: 91 + (number % 100),
      shipping: 6.9,
      tax: 5.5,
      currency: 'USD',
      coupon: 'AUTUMN10',
      affiliation: 'Web store',
      checkout_id: `checkout-${number}`,
      payment_method: 'card',
      products: [product(1), product(2)],
      note: '',
    },
  };
  const length = bytes === 0 ? 0 : Buffer.byteLength(JSON.stringify(event));
  if (length < bytes) event.properties.note = 'x'.repeat(bytes - length);
  return event;
}

function product(id: number) {
  return {
    product_id: `product-${id}`,
    sku: `SKU-0000${id}`,
    name: `Walnut desk organizer ${id}`,
    price: 19.5 + id,
    quantity: id,
    category: 'Home & Office',
  };
}

/** About the shortest event that somebody sends: 100 bytes, with one identifier. */
export function tap(stamp: Stamp): Readonly<Record<string, unknown>> {
  const { number, at } = stamp;
  const timestamp = Math.floor(at / 1000);
  return { type: 'track', event: 'Tap', userId: `${number % 100}`, messageId: stamped('o', stamp), timestamp };
}

/** A person who joins an audience. */
export function member(stamp: Stamp): Readonly<Record<string, unknown>> {
  const { number, at } = stamp;
  return {
    type: 'identify',
    messageId: `m-${number}`,
    userId: stamped('u', stamp),
    timestamp: new Date(at).toISOString(),
    traits: { ...traitsOf(number), vip: true },
    context: { personas: { computation_class: 'audience', computation_key: 'vip' } },
  };
}

function pick<T>(list: readonly T[], number: number): T {
  const item = list[number % list.length];
  if (item === undefined) throw new RangeError('an empty list');
  return item;
}

/** Unix milliseconds, finer than one. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}
