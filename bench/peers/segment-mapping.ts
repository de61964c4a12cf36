const path = (text: string) => ({ '@path': `$.${text}` });

/** Where each value is, for both. */
const identifiers = {
  email: path('context.traits.email'),
  phone: path('context.traits.phone'),
  firstName: path('context.traits.firstName'),
  lastName: path('context.traits.lastName'),
  dateOfBirth: path('context.traits.birthday'),
  city: path('context.traits.address.city'),
  state: path('context.traits.address.state'),
  zip: path('context.traits.address.postalCode'),
  country: path('context.traits.address.country'),
  externalId: path('userId'),
} as const;
const client = { client_ip_address: path('context.ip'), client_user_agent: path('context.userAgent') };
const purchase = {
  action_source: 'website',
  event_time: path('timestamp'),
  event_id: path('messageId'),
  event_source_url: path('context.page.url'),
  currency: path('properties.currency'),
  value: path('properties.total'),
  content_ids: path('properties.checkout_id'),
  content_type: 'product',
  contents: {
    '@arrayPath': [
      '$.properties.products',
      { id: path('product_id'), quantity: path('quantity'), item_price: path('price') },
    ],
  },
};

/** The product's, with a value for each that Segment's action sends. */
export const mappingBesideSegment = {
  ...purchase,
  ...client,
  em: identifiers.email,
  ph: identifiers.phone,
  fn: identifiers.firstName,
  ln: identifiers.lastName,
  db: identifiers.dateOfBirth,
  ct: identifiers.city,
  st: identifiers.state,
  zp: identifiers.zip,
  country: identifiers.country,
  external_id: identifiers.externalId,
};
export const pixel = { pixelId: '1234567890' };

export const segmentSubscription = {
  partnerAction: 'purchase',
  subscribe: 'type = "track" and event = "Order Completed"',
  mapping: { ...purchase, user_data: { ...identifiers, ...client } },
};

export interface SentBody {
  readonly data: readonly { readonly user_data: Readonly<Record<string, unknown>> }[];
}

/** Where both normalize alike the hashes must be the same, and everybody must have all ten. */
const alike = ['em', 'ph', 'ct', 'country', 'external_id'];
const hashed = [...alike, 'fn', 'ln', 'db', 'st', 'zp'];

/** `others` are bodies of one event each. */
export function assertSamePeople({ data }: SentBody, others: readonly string[]): void {
  if (others.length !== data.length) throw new Error('events are missing');
  for (const [index, { user_data: own }] of data.entries()) {
    const other = (JSON.parse(others[index] ?? '') as SentBody).data[0]?.user_data ?? {};
    for (const key of hashed) {
      if (first(own[key]) === undefined || first(other[key]) === undefined) throw new Error(`${key} is missing`);
    }
    for (const key of alike) {
      if (first(own[key]) !== first(other[key])) throw new Error(`the two disagree about ${key}`);
    }
  }
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}
