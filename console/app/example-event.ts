/** What stands in the workbench before somebody puts an event there. */
export const exampleEvent = JSON.stringify(
  {
    type: 'track',
    event: 'Order Completed',
    messageId: 'example-1',
    timestamp: new Date().toISOString(),
    userId: 'u-1',
    properties: {
      order_id: 'o-1',
      total: 49.9,
      currency: 'EUR',
      products: [{ product_id: 'p-1', quantity: 1, price: 49.9 }],
    },
    context: {
      traits: { email: 'ada@example.com', firstName: 'Ada' },
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/143.0',
      page: { url: 'https://shop.example.com/thanks' },
    },
  },
  null,
  2,
);
