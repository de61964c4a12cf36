import type { SegmentSubscription } from './theirs.ts';

/** When the made-up events are looked at; none of them lies behind it. */
export const generatedAt = Date.parse('2026-11-20T12:00:00Z');

const path = (text: string) => ({ '@path': `$.${text}` });

/** The value at the first path if there is one, else that at the second. */
function firstOf(first: string, second: string): object {
  // biome-ignore lint/suspicious/noThenProperty: an argument of the directive; nothing awaits it.
  return { '@if': { exists: path(first), then: path(first), else: path(second) } };
}

const person = {
  externalId: firstOf('userId', 'anonymousId'),
  email: path('context.traits.email'),
  phone: path('context.traits.phone'),
  gender: path('context.traits.gender'),
  dateOfBirth: path('context.traits.birthday'),
  firstName: path('context.traits.firstName'),
  lastName: path('context.traits.lastName'),
  city: path('context.traits.address.city'),
  state: path('context.traits.address.state'),
  zip: path('context.traits.address.postalCode'),
  country: path('context.traits.address.country'),
  client_ip_address: path('context.ip'),
  client_user_agent: path('context.userAgent'),
  fbc: path('properties.fbc'),
  fbp: path('properties.fbp'),
  madId: path('context.device.advertisingId'),
};
const common = {
  action_source: 'website',
  event_time: path('timestamp'),
  event_id: path('messageId'),
  event_source_url: path('context.page.url'),
  user_data: person,
};
const products = {
  '@arrayPath': [
    '$.properties.products',
    { id: path('product_id'), quantity: path('quantity'), item_price: path('price') },
  ],
};
const product = {
  id: path('properties.product_id'),
  quantity: path('properties.quantity'),
  item_price: path('properties.price'),
};
const money = { currency: path('properties.currency') };
const purchase = {
  ...common,
  ...money,
  value: path('properties.revenue'),
  content_ids: { '@arrayPath': ['$.properties.products', path('product_id')] },
  contents: products,
  num_items: path('properties.num_items'),
  content_type: 'product',
};

const standardName = {
  // biome-ignore lint/suspicious/noThenProperty: an argument of the directive; nothing awaits it.
  '@if': { blank: path('properties.standard_name'), then: path('properties.standard_name'), else: path('event') },
};

const track = (event: string) => `type = "track" and event = "${event}"`;

function subscription(actionSlug: string, trigger: string, settings: object): SegmentSubscription {
  return { name: actionSlug, actionSlug, trigger, settings: { ...settings } };
}

/** A subscription of each action that Segment has for Meta, with the mappings that it proposes or something near them. */
export const allActions: readonly SegmentSubscription[] = [
  subscription('purchase', track('Order Completed'), purchase),
  subscription('purchase2', `${track('Order Completed')} and properties.status != 3`, {
    ...purchase,
    __segment_internal_sync_mode: 'add',
    data_processing_options: true,
    data_processing_options_country: 1,
    data_processing_options_state: 1000,
    test_event_code: path('properties.test_code'),
  }),
  subscription('initiateCheckout', track('Checkout Started'), {
    ...common,
    ...money,
    value: path('properties.value'),
    content_category: path('properties.category'),
    contents: products,
    num_items: path('properties.num_items'),
  }),
  subscription('addToCart', track('Product Added'), {
    ...common,
    ...money,
    value: path('properties.price'),
    content_ids: path('properties.product_id'),
    content_name: path('properties.name'),
    contents: product,
  }),
  subscription('viewContent', track('Product Viewed'), {
    ...common,
    ...money,
    value: path('properties.price'),
    content_ids: path('properties.product_id'),
    content_name: path('properties.name'),
    content_category: path('properties.category'),
    content_type: path('properties.content_type'),
  }),
  subscription('search', `${track('Products Searched')} and !contains(properties.query, "test")`, {
    ...common,
    search_string: { '@replace': { value: path('properties.query'), pattern: '+', replacement: ' ' } },
  }),
  subscription('pageView', 'type = "page"', common),
  subscription('custom', `${track('Signed Up')} or event = "Trial Started"`, {
    ...common,
    event_name: standardName,
    custom_data: path('properties'),
  }),
  subscription('custom2', 'type = "track" and match(event, "App *")', {
    ...common,
    __segment_internal_sync_mode: 'add',
    action_source: 'app',
    event_name: path('event'),
    app_data_field: {
      use_app_data: true,
      advertiser_tracking_enabled: path('context.device.adTrackingEnabled'),
      application_tracking_enabled: path('context.device.adTrackingEnabled'),
      version: 'i2',
      packageName: path('context.app.namespace'),
      longVersion: path('context.app.version'),
      osVersion: path('context.os.version'),
      deviceName: path('context.device.model'),
      locale: path('context.locale'),
      width: path('context.screen.width'),
      height: path('context.screen.height'),
      density: path('context.screen.density'),
      deviceTimezone: path('context.timezone'),
    },
  }),
  subscription('sync', 'type = "track" or type = "identify"', {
    __segment_internal_sync_mode: 'mirror',
    externalId: path('userId'),
    email: firstOf('traits.email', 'properties.email'),
    phone: firstOf('traits.phone', 'properties.phone'),
    name: {
      first: firstOf('traits.first_name', 'properties.first_name'),
      last: firstOf('traits.last_name', 'properties.last_name'),
    },
    gender: path('traits.gender'),
    city: path('traits.city'),
    state: path('traits.state'),
    zip: path('traits.postal_code'),
    country: path('traits.country'),
    mobileAdId: path('context.device.advertisingId'),
    external_audience_id: path('context.personas.external_audience_id'),
    enable_batching: true,
    batch_size: 10_000,
  }),
];
