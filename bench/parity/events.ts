import type { JsonObject } from '../../src/core/json.ts';
import { seeded } from '../../test/support/seeded.ts';

const hash = 'b4c9a289323b21a01c3e940f150eb9b8c542587f1abfd8f0e1cc1ffc5e475514';
const pools: Readonly<Record<string, readonly unknown[]>> = {
  email: [
    'ada@example.com',
    ' Ada.B@Example.COM ',
    'no address',
    '',
    null,
    hash,
    17,
    'ada @example.com',
    'ünï@example.com',
  ],
  phone: [
    '+44 161 496 0001',
    '(650) 253-0001',
    '0044 161 4960001',
    '16502530001',
    'n/a',
    '',
    null,
    1_650_253_0001,
    '+39 06 6982',
  ],
  gender: ['female', 'M', 'f', 'non-binary', '', null, 'Male '],
  birthday: ['1991-04-07', '19910407', '4/7/1991', 'long ago', '', null],
  firstName: ['Ada', "O'Brien", ' José ', 'Anna-Lena', 'Мария', '', null, hash],
  lastName: ['Byron', 'de Vries', 'Smith Jr.', '', null],
  city: ['London', 'New York', 'São Paulo', 'St. Gallen', '', null],
  state: ['CA', 'California', 'ny', 'Bayern', '', null],
  postalCode: ['94105-1234', '94105', 'SW1A 1AA', 94105, '', null],
  country: ['US', 'United States', 'de', 'Germany', 'UK', 'Atlantis', '', null],
  userId: ['u-1', 'U 2', 'ada@example.com', 17, '', null],
  ip: ['203.0.113.7', '10.0.0.1', '2001:db8::1', 'unknown', null],
  userAgent: ['Mozilla/5.0 (X11; Linux x86_64)', '', null],
  fbc: ['fb.1.1795175910250.AbC-dEf_123', 'fb.1.1500000000000.Old', 'wrong', null, null, null],
  fbp: ['fb.1.1795175910250.1098115397', 'wrong', null, null],
  url: [
    'https://shop.example.com/thanks',
    'https://shop.example.com/?fbclid=AbC-dEf_123',
    'https://shop.example.com/?email=ada%40example.com',
    '/relative',
    '',
    null,
  ],
  revenue: [25, '19.90', 0, -5, 'much', null, 12.345],
  price: [12.5, '7', 0, 'free', null],
  quantity: [1, 2, '3', 0, 1.5, null],
  num_items: [1, '2', 2.5, null],
  currency: ['GBP', 'eur', 'XXX', 'pounds', '', null],
  product_id: ['mug-7', 7, '', null],
  name: ['Mug no. 7', 'a mug for ada@example.com', '', null],
  category: ['Mugs', null],
  content_type: ['product', 'product_group', 'mug', null],
  query: ['mug', 'blue+mug', 'ada@example.com', 'a test', '', null, 5],
  status: [3, 4, '3', null, null],
  test_code: ['TEST1', null, null, null],
  standard_name: ['CompleteRegistration', '', null, 0],
  method: ['email', 5, true, null, { nested: 'x' }, ['a']],
  timestamp: ['2026-11-20T11:58:30.250Z', '2026-11-20T11:58:30+01:00', '2026-11-01T00:00:00Z', '2026-11-20T11:00:00Z'],
  advertisingId: ['AB1234CD-E123-12FG-J123', '00000000-0000-0000-0000-000000000000', '', null],
  adTrackingEnabled: [true, false, 'true', null],
  osVersion: ['18.6', null],
};

const kinds = [
  'Order Completed',
  'Order Completed',
  'Checkout Started',
  'Product Added',
  'Product Viewed',
  'Products Searched',
  'page',
  'Signed Up',
  'Trial Started',
  'App Opened',
  'identify',
  'engage',
  'new',
  'updated',
  'deleted',
  'Of No Interest',
] as const;

/** Events of an invented shop in which every field has the values that people really send, good and bad. */
export function* generatedEvents(count: number, seed = 1): Generator<JsonObject> {
  const next = seeded(seed);
  const any = (name: string): unknown => {
    const pool = pools[name] ?? [];
    // Most values are good ones: the first of a pool.
    return next() < 0.6 ? pool[0] : pool[Math.floor(next() * pool.length)];
  };
  const some = (...names: readonly string[]) =>
    Object.fromEntries(names.filter(() => next() < 0.85).map((name) => [name, any(name)]));
  for (let index = 0; index < count; index += 1) {
    const kind = kinds[Math.floor(next() * kinds.length)] ?? 'page';
    yield eventOf(kind, index, any, some, next);
  }
}

function eventOf(
  kind: (typeof kinds)[number],
  index: number,
  any: (name: string) => unknown,
  some: (...names: readonly string[]) => JsonObject,
  next: () => number,
): JsonObject {
  const address = some('city', 'state', 'postalCode', 'country');
  const traits = { ...some('email', 'phone', 'gender', 'birthday', 'firstName', 'lastName'), address };
  const context = {
    ...some('ip', 'userAgent'),
    ...(next() < 0.9 && { page: { url: any('url') } }),
    traits,
    device: { model: 'iPhone17,1', ...some('advertisingId', 'adTrackingEnabled') },
    app: { namespace: 'com.example.shop', version: '4.2.0' },
    os: { name: 'iOS', version: any('osVersion') },
    screen: { width: 402, height: 874, density: 3 },
    locale: 'en-GB',
    timezone: 'Europe/London',
  };
  const base = {
    messageId: `p-${index}`,
    anonymousId: 'anon-1',
    ...some('userId'),
    timestamp: any('timestamp'),
    context,
  };
  const flat = { email: any('email'), phone: any('phone'), first_name: any('firstName'), last_name: any('lastName') };
  if (kind === 'page') return { type: 'page', ...base, properties: some('fbc', 'fbp', 'name') };
  if (kind === 'identify') return { type: 'identify', ...base, traits: { ...flat, ...address } };
  if (kind === 'engage') {
    const isIdentify = next() < 0.5;
    const member = { ...flat, ...some('gender'), loyal: next() < 0.7, postal_code: any('postalCode'), ...address };
    const personas = {
      computation_class: next() < 0.9 ? 'audience' : 'trait',
      computation_key: 'loyal',
      ...(next() < 0.9 && { external_audience_id: '120200000000000001' }),
    };
    const call = isIdentify
      ? { type: 'identify', traits: member }
      : { type: 'track', event: 'Audience Entered', properties: member };
    return { ...base, ...call, context: { ...context, personas } };
  }
  if (kind === 'new' || kind === 'updated' || kind === 'deleted') {
    const personas = { external_audience_id: '120200000000000001' };
    return { type: 'track', event: kind, ...base, properties: flat, context: { ...context, personas } };
  }
  const product = () => some('product_id', 'price', 'quantity', 'name', 'category');
  const products = Array.from({ length: Math.floor(next() * 3) }, product);
  return {
    type: 'track',
    event: kind,
    ...base,
    properties: {
      ...some(
        'revenue',
        'currency',
        'num_items',
        'query',
        'status',
        'test_code',
        'standard_name',
        'method',
        'fbc',
        'fbp',
      ),
      ...some('content_type', 'category'),
      value: any('revenue'),
      ...product(),
      products,
    },
  };
}
