import type { FieldDefinitions } from '../../../core/field.ts';
import { currencyCode } from '../../currency.ts';
import type { FieldsOf } from '../../field-types.ts';

/** What it was about, each a member of `custom_data`. Meta: custom data parameters. */
export const namedFields = {
  value: {
    label: 'Value',
    description:
      'What it is worth, a number in the currency; 0 is a value. Where absent, or no number (a warning says so), the sum over the contents if all their prices are known. Required of a Purchase.',
    type: 'number',
  },
  currency: {
    label: 'Currency',
    description: 'ISO 4217 code of the value, any case. Never assumed. Required of a Purchase.',
    type: 'string',
    takes: (text) => currencyCode(text) !== undefined,
  },
  content_ids: {
    label: 'Content IDs',
    description: 'Ids of products as in your catalog. Where absent, those of the contents.',
    type: 'string',
    multiple: true,
    id: true,
  },
  contents: {
    label: 'Contents',
    description: 'The products, each with its id; an item without one is left out. A quantity that is absent is 1.',
    type: 'object',
    multiple: true,
    properties: {
      id: { label: 'Content ID', description: 'Id as in your catalog.', type: 'string', id: true, required: true },
      quantity: { label: 'Quantity', description: 'How many, at least 1.', type: 'integer', minimum: 1 },
      item_price: { label: 'Item Price', description: 'Price of one.', type: 'number' },
      title: { label: 'Title', description: 'Its name.', type: 'string' },
      description: { label: 'Description', description: 'A longer text.', type: 'string' },
      brand: { label: 'Brand', description: 'Its brand.', type: 'string' },
      category: { label: 'Category', description: 'Its category.', type: 'string' },
      delivery_category: {
        label: 'Item Delivery Category',
        description: 'How the item is handed over.',
        type: 'string',
        choices: ['in_store', 'curbside', 'home_delivery'],
      },
    },
  },
  content_type: {
    label: 'Content Type',
    description:
      'product, or product_group where the ids are those of groups. Where absent and there are content ids: product.',
    type: 'string',
  },
  content_name: { label: 'Content Name', description: 'Name of the page or product.', type: 'string' },
  content_category: { label: 'Content Category', description: 'Category of the page or product.', type: 'string' },
  num_items: {
    label: 'Number of Items',
    description: 'How many items; where absent, the sum of the quantities of the contents.',
    type: 'integer',
  },
  order_id: { label: 'Order ID', description: 'Your id of the order.', type: 'string', id: true },
  search_string: { label: 'Search String', description: 'What was searched for.', type: 'string' },
  status: { label: 'Status', description: 'Of a registration: how it ended.', type: 'string' },
  predicted_ltv: {
    label: 'Predicted Lifetime Value',
    description: 'What a subscriber is expected to be worth, in the currency.',
    type: 'number',
  },
  net_revenue: { label: 'Net Revenue', description: 'What is left of the value, in the currency.', type: 'number' },
  delivery_category: {
    label: 'Delivery Category',
    description: 'How the order is handed over.',
    type: 'string',
    choices: ['in_store', 'curbside', 'home_delivery'],
  },
  item_number: {
    label: 'Item Number',
    description: 'Tells the events of one order in a store apart. Meta: sending offline events.',
    type: 'string',
    id: true,
  },
  lead_event_source: {
    label: 'Lead Event Source',
    description: 'The CRM that a stage of a lead comes from. Meta: conversion leads.',
    type: 'string',
  },
  event_source: { label: 'Event Source', description: 'crm for stages of leads.', type: 'string' },
  product_catalog_id: {
    label: 'Product Catalog ID',
    description: 'The catalog that the content ids are of.',
    type: 'string',
    id: true,
  },
} as const satisfies FieldDefinitions;

/** Where in the real world it happened: members of `store_data`. Meta: sending offline events. */
export const storeFields = {
  store_page_id: { label: 'Store Page ID', description: 'Facebook page of the store.', type: 'string', id: true },
  brand_page_id: { label: 'Brand Page ID', description: 'Facebook page of the brand.', type: 'string', id: true },
  store_code: { label: 'Store Code', description: 'Your code of the store, at most 64 characters.', type: 'string' },
} as const satisfies FieldDefinitions;

export const customDataFields = {
  ...namedFields,
  ...storeFields,
  custom_data: {
    label: 'Custom Data',
    description:
      'Properties of your own, added under the fields above. What may identify a person (email, phone, …) is taken out unless `in_the_clear` of the subscription names it.',
    type: 'object',
    properties: namedFields,
    additionalProperties: true,
  },
} as const satisfies FieldDefinitions;

export type CustomDataFields = FieldsOf<typeof customDataFields>;

/** One item of `contents`. */
export type ContentItem = NonNullable<CustomDataFields['contents']>[number];
