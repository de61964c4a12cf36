import type { FieldDefinitions } from '../../../core/field.ts';
import { orElse, products, productsOrProduct, property } from '../../field-defaults.ts';
import type { FieldsOf } from '../../field-types.ts';
import { appFields } from './app-data.ts';
import { customDataFields } from './custom-data.ts';
import { eventFields } from './event.ts';
import { userDataFields } from './user-data.ts';

/**
 * Every field of a conversion. All conversion actions have all of them, so that a mapping for one fits another; they
 * differ in the event's name and in what is mapped by default.
 */
export const conversionFields = {
  ...eventFields,
  ...userDataFields,
  ...customDataFields,
  ...appFields,
} as const satisfies FieldDefinitions;

/** What a conversion is built of: the values of its fields after they were read. */
export type ConversionFields = FieldsOf<typeof conversionFields>;

/** The currency by default. */
const currency = { ...conversionFields.currency, default: property('currency') } as const;

const shopping = {
  currency,
  content_ids: { ...conversionFields.content_ids, default: property('content_ids') },
  content_type: { ...conversionFields.content_type, default: property('content_type') },
} as const;

const addresses = ['address', 'billing_address', 'billingAddress', 'shipping_address', 'shippingAddress'] as const;

/** A member of an address that the event holds, of the person who pays before that of who receives. */
function addressed(...names: readonly string[]): [string, ...string[]] {
  return addresses.flatMap((address) => names.map((name) => `$.properties.${address}.${name}`)) as [
    string,
    ...string[],
  ];
}

const { em, ph, fn, ln, ct, st, zp, country } = conversionFields;

/**
 * Who it was, of an event that is about the person: its properties may hold an e-mail address, a phone number and names,
 * as forms and checkouts send them. A city or a country among them may still be of anything, unless it is an address's.
 */
const personFields = {
  em: { ...em, default: orElse(em.default, '$.properties.email') },
  ph: {
    ...ph,
    default: orElse(ph.default, '$.properties.phone', '$.properties.phoneNumber', '$.properties.phone_number'),
  },
  fn: { ...fn, default: orElse(fn.default, '$.properties.firstName', '$.properties.first_name') },
  ln: { ...ln, default: orElse(ln.default, '$.properties.lastName', '$.properties.last_name') },
  ct: { ...ct, default: orElse(ct.default, ...addressed('city')) },
  st: { ...st, default: orElse(st.default, ...addressed('state')) },
  zp: { ...zp, default: orElse(zp.default, ...addressed('postalCode', 'postal_code', 'zip')) },
  country: { ...country, default: orElse(country.default, ...addressed('country')) },
} as const;

/** Fields of an event about an order or a cart, by the ecommerce events of the Segment spec. */
export const orderFields = {
  ...conversionFields,
  ...personFields,
  ...shopping,
  contents: { ...conversionFields.contents, default: products },
  order_id: { ...conversionFields.order_id, default: property('order_id', 'orderId') },
  num_items: { ...conversionFields.num_items, default: property('num_items') },
} as const satisfies FieldDefinitions;

/** Fields of an event about one product (or several), by the ecommerce events of the Segment spec. */
export const productFields = {
  ...conversionFields,
  ...shopping,
  value: { ...conversionFields.value, default: property('value') },
  contents: { ...conversionFields.contents, default: productsOrProduct },
  content_name: { ...conversionFields.content_name, default: property('content_name', 'name') },
  content_category: { ...conversionFields.content_category, default: property('content_category', 'category') },
} as const satisfies FieldDefinitions;

/** Fields of an event that may be worth something, without products. */
export const valueFields = {
  ...conversionFields,
  ...personFields,
  currency,
  value: { ...conversionFields.value, default: property('value') },
  content_name: { ...conversionFields.content_name, default: property('content_name') },
  content_category: { ...conversionFields.content_category, default: property('content_category') },
} as const satisfies FieldDefinitions;
