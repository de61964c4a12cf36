const product = (id: number) => ({
  product_id: `product-${id}`,
  sku: `SKU-0000${id}`,
  name: `Walnut desk organizer ${id}`,
  price: 19.5 + id,
  quantity: id,
  category: 'Home & Office',
});

/** An order of a web shop as its browser library sends it, about 1.5 KB as JSON. */
export const orderEvent = {
  type: 'track',
  event: 'Order Completed',
  messageId: 'ajs-next-1730812345678-5c3f9e0a',
  anonymousId: '0e4b6f8c-2d51-4c7e-9a61-0f3f0f6f2b11',
  userId: 'customer-48151623',
  timestamp: '2025-11-05T13:52:25.678Z',
  sentAt: '2025-11-05T13:52:26.101Z',
  receivedAt: '2025-11-05T13:52:26.340Z',
  context: {
    ip: '203.0.113.24',
    library: { name: 'analytics.js', version: 'next-1.70.0' },
    locale: 'en-GB',
    page: {
      path: '/checkout/complete',
      referrer: 'https://shop.example.com/checkout/payment',
      title: 'Thank you for your order',
      url: 'https://shop.example.com/checkout/complete?utm_source=newsletter&utm_campaign=autumn',
    },
    userAgent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
    traits: { email: 'ada@example.com', firstName: 'Ada', lastName: 'Example' },
  },
  integrations: { All: true },
  properties: {
    order_id: 'order-2025-000917',
    total: 103.4,
    revenue: 91,
    shipping: 6.9,
    tax: 5.5,
    currency: 'gbp',
    coupon: 'AUTUMN10',
    affiliation: 'Web store',
    checkout_id: 'checkout-77120934',
    payment_method: 'card',
    products: [product(1), product(2), product(3)],
  },
};
