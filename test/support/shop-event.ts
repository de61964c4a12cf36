/** An order that Meta would take; members of `properties` can be given. */
export function shopEvent(id: string, properties: Readonly<Record<string, unknown>> = {}) {
  return {
    type: 'track',
    event: 'Order Completed',
    messageId: id,
    userId: `user-${id}`,
    timestamp: new Date().toISOString(),
    context: {
      ip: '198.51.100.7',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
      page: { url: 'https://shop.example.com/thanks' },
      traits: { email: `${id}@example.com` },
    },
    properties: { order_id: id, total: 25, currency: 'USD', ...properties },
  };
}
