/** Sample events in the shape of the Segment spec, of an invented shop and invented people, by name. */
export type SampleEvent = Readonly<Record<string, unknown>>;

const browser = {
  ip: '203.0.113.7',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
  locale: 'en-GB',
  page: { url: 'https://shop.example.com/mugs/7', path: '/mugs/7', title: 'Mug no. 7' },
};
const phone = {
  ip: '203.0.113.8',
  app: { name: 'Shop', namespace: 'com.example.shop', version: '4.2.0', build: '420' },
  device: { type: 'ios', manufacturer: 'Apple', model: 'iPhone17,1', adTrackingEnabled: true },
  os: { name: 'iOS', version: '18.6' },
  screen: { width: 402, height: 874, density: 3 },
  locale: 'en-GB',
  timezone: 'Europe/London',
};
const traits = { email: 'ada@example.com', phone: '+44 161 496 0001', firstName: 'Ada', lastName: 'Byron' };
const product = { product_id: 'mug-7', sku: 'M7', name: 'Mug no. 7', category: 'Mugs', price: 12.5, quantity: 2 };
const order = { order_id: 'order-1', total: 25, currency: 'GBP', products: [product] };

function track(event: string, properties: SampleEvent, context: SampleEvent = browser): SampleEvent {
  return {
    type: 'track',
    event,
    messageId: `sample-${event.toLowerCase().replaceAll(' ', '-')}`,
    userId: 'u-1',
    context: { ...context, traits },
    properties,
  };
}

function call(type: 'page' | 'screen' | 'identify' | 'group', more: SampleEvent): SampleEvent {
  return { type, messageId: `sample-${type}`, userId: 'u-1', context: type === 'screen' ? phone : browser, ...more };
}

export const samples: Readonly<Record<string, SampleEvent>> = {
  Page: call('page', { name: 'Mug no. 7', properties: { url: browser.page.url, path: browser.page.path } }),
  Screen: call('screen', { name: 'Product' }),
  Identify: call('identify', { traits }),
  Group: call('group', { groupId: 'g-1', traits: { name: 'Example Ltd' } }),
  'Products Searched': track('Products Searched', { query: 'mug' }),
  'Product List Viewed': track('Product List Viewed', { list_id: 'mugs', category: 'Mugs', products: [product] }),
  'Product Clicked': track('Product Clicked', product),
  'Product Viewed': track('Product Viewed', { ...product, currency: 'GBP' }),
  'Product Added': track('Product Added', { ...product, cart_id: 'cart-1', currency: 'GBP' }),
  'Product Removed': track('Product Removed', { ...product, cart_id: 'cart-1' }),
  'Product Added to Wishlist': track('Product Added to Wishlist', {
    ...product,
    wishlist_id: 'list-1',
    currency: 'GBP',
  }),
  'Cart Viewed': track('Cart Viewed', { cart_id: 'cart-1', products: [product] }),
  'Checkout Started': track('Checkout Started', { ...order, value: 25 }),
  'Payment Info Entered': track('Payment Info Entered', { order_id: 'order-1', payment_method: 'card' }),
  'Order Completed': track('Order Completed', order),
  'Order Refunded': track('Order Refunded', order),
  'Order Cancelled': track('Order Cancelled', order),
  'Signed Up': track('Signed Up', { method: 'email' }),
  'Signed In': track('Signed In', { method: 'email' }),
  'Trial Started': track('Trial Started', { value: 0, currency: 'GBP' }),
  'Subscription Started': track('Subscription Started', { value: 9, currency: 'GBP' }),
  'Lead Created': track('Lead Created', { lead_id: '1234567890123456', crm: 'Example CRM' }),
  'Application Installed': track('Application Installed', { version: '4.2.0', build: '420' }, phone),
  'Application Opened': track('Application Opened', { version: '4.2.0', build: '420' }, phone),
};
