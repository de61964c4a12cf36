/** The same for two subscriptions, so that their deliveries are duplicates. */
const eventId = { event_id: { '@path': '$.messageId' } };

/** Two destinations: conversions with duplicates and consent, and audiences, people by people and by lists. */
export const mixedDestinations = [
  {
    name: 'shop',
    settings: {
      pixel_id: '1234567890',
      access_token: { $env: 'META_ACCESS_TOKEN' },
      consent: 'context.consent != false',
      batch: { max_bytes: 10_000 },
    },
    subscriptions: [
      { name: 'Orders', action: 'purchase', mapping: { ...eventId, content_name: { '@path': '$.properties.note' } } },
      {
        name: 'Orders again',
        action: 'custom-event',
        trigger: 'event = "Order Completed" and properties.twice = true',
        mapping: {
          ...eventId,
          event_name: 'Purchase',
          value: { '@path': '$.properties.total' },
          currency: { '@path': '$.properties.currency' },
        },
      },
      { name: 'Pages', action: 'page-view', trigger: 'type = "page"' },
    ],
  },
  {
    name: 'crm',
    settings: {
      pixel_id: '99',
      ad_account_id: '77',
      access_token: { $env: 'META_ACCESS_TOKEN' },
      consent: 'context.consent != false',
    },
    subscriptions: [
      {
        name: 'Rows',
        action: 'sync-audience',
        trigger: 'event in ["new", "updated", "deleted"]',
        mapping: { audience_id: '120200000000000001' },
      },
      {
        name: 'Lists',
        action: 'sync-audience-list',
        trigger: 'event = "list"',
        mapping: { audience_id: { '@path': '$.properties.audience_id' } },
      },
      { name: 'Everything', action: 'custom-event', trigger: 'type != "page"', mapping: { event_name: 'Seen' } },
    ],
  },
];

/** What one record is like; each kind comes with consent, integrations and identifiers of its own. */
const kinds = {
  order: (id: string, random: () => number) => ({
    type: 'track',
    event: 'Order Completed',
    properties: {
      total: oneOf(random, [5, '5.5', 'five', null, -1]),
      currency: oneOf(random, ['EUR', 'EUR', undefined, 'Euro']),
      twice: random() < 0.3,
      note: random() < 0.03 ? 'x'.repeat(12_000) : undefined,
      order_id: id,
    },
  }),
  page: () => ({ type: 'page', name: 'Start' }),
  other: () => ({ type: 'track', event: 'Product Searched' }),
  row: (_: string, random: () => number) => ({
    type: 'track',
    event: oneOf(random, ['new', 'updated', 'deleted', 'new']),
  }),
  list: (id: string, random: () => number) => ({
    type: 'track',
    event: 'list',
    properties: {
      audience_id: oneOf(random, ['120200000000000001', '120200000000000002', 'not an id']),
      userListAdd: oneOf<unknown>(random, [
        [{ EXTERN_ID: `${id}-a` }, { EMAIL: `${id}@example.com` }],
        [{ EXTERN_ID: `${id}-a` }, 'nobody', { EMAIL: 'nonsense' }],
        [{ FN: 'Ada' }],
        'nonsense',
        [],
      ]),
      ...(random() < 0.4 && { userListDelete: [{ EXTERN_ID: `${id}-d` }] }),
    },
  }),
};

function oneOf<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T;
}

/** A line of a file: mostly an event, sometimes none. Each is about people of its own. `now`: Unix milliseconds. */
export function mixedLine(index: number, random: () => number, now: number): string {
  const broken = random();
  if (broken < 0.02) return '{"type": "track", ';
  if (broken < 0.04) return JSON.stringify({ type: 'order', id: index });
  if (broken < 0.05) return JSON.stringify({ type: 'track', event: 'new', userId: 'x'.repeat(25_000) });
  if (broken < 0.06) return 'null';
  const id = `u-${index}`;
  const kind = oneOf(random, ['order', 'order', 'order', 'page', 'other', 'row', 'row', 'list'] as const);
  return JSON.stringify({
    messageId: `m-${index}`,
    timestamp: new Date(now - (random() < 0.05 ? 30 * 86_400_000 : 60_000)).toISOString(),
    ...kinds[kind](id, random),
    ...(random() < 0.9 && { userId: id }),
    context: {
      ip: '203.0.113.9',
      traits: { email: oneOf(random, [`${id}@example.com`, 'n/a', undefined]) },
      ...(random() < 0.1 && { consent: random() < 0.5 }),
    },
    ...(random() < 0.15 && {
      integrations: oneOf<unknown>(random, [
        { All: false },
        { shop: false },
        { All: false, crm: true },
        { crm: false },
      ]),
    }),
  });
}

/** Some records come back from a parking place, some of them for a subscription that is gone. */
export function parkedFor(index: number): { readonly destination: string; readonly subscription: string } | undefined {
  if (index % 20 !== 7) return undefined;
  const subscriptions = ['Orders', 'Orders again', 'Everything', 'Removed'] as const;
  const subscription = subscriptions[Math.floor(index / 20) % subscriptions.length] ?? 'Removed';
  return { destination: subscription === 'Everything' ? 'crm' : 'shop', subscription };
}
