/** Orders for integration tests: valid ones, and some of each kind that must become a dead letter. */
export interface OrderRecord {
  readonly key: string;
  readonly value: Buffer;
  /** Of an order that must arrive. */
  readonly eventId?: string;
  /** Of one that must become a dead letter. */
  readonly code?: string;
}

const filler = 'x'.repeat(900);

function order(id: string, index: number): Record<string, unknown> {
  return {
    type: 'track',
    event: 'Order Completed',
    messageId: id,
    userId: `user-${index % 977}`,
    timestamp: new Date().toISOString(),
    context: {
      ip: '198.51.100.7',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
      page: { url: 'https://shop.example.com/thanks', title: filler },
      traits: { email: `user-${index % 977}@example.com`, phone: '+1 650 555 1212' },
    },
    properties: {
      order_id: `order-${index}`,
      total: 10 + (index % 90),
      currency: 'USD',
      products: [{ product_id: 'p-1', quantity: 1, price: 10 + (index % 90) }],
    },
  };
}

/** The `index`th record of a run: about one in fifty is broken. */
export function orderRecord(run: string, index: number): OrderRecord {
  const id = `${run}-${index}`;
  const key = `user-${index % 977}`;
  const valid = order(id, index);
  const text = (value: unknown) => Buffer.from(JSON.stringify(value));
  switch (index % 250) {
    case 50:
      return { key, value: text(valid).subarray(0, 300), code: 'NOT_JSON' };
    case 100:
      return { key, value: text({ ...valid, properties: { order_id: id } }), code: 'PURCHASE_VALUE_MISSING' };
    case 150:
      return { key, value: text({ ...valid, timestamp: '1970-01-02T00:00:00Z' }), code: 'EVENT_TOO_OLD' };
    case 200:
      return {
        key,
        value: Buffer.concat([text(valid).subarray(0, -1), Buffer.from([0x2c, 0x22, 0xff])]),
        code: 'INVALID_UTF8',
      };
    case 249:
      return { key, value: text({ ...valid, type: 'order' }), code: 'UNKNOWN_TYPE' };
    default:
      return { key, value: text(valid), eventId: id };
  }
}
