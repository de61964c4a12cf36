import type { ActionContext } from '../../core/action.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import type { Failure } from '../../core/outcome.ts';
import { hasLostItems } from '../coerce.ts';
import { currencyCode } from './currency.ts';
import { failureOf } from './failure.ts';
import type { ContentItem, ConversionFields } from './fields.ts';
import { strippedOfIdentifiers } from './strip-identifiers.ts';

/** Members of `custom_data` that have a field of their own (Meta, custom data parameters). */
const namedKeys = [
  'value',
  'currency',
  'content_ids',
  'contents',
  'content_type',
  'content_name',
  'content_category',
  'num_items',
  'order_id',
  'search_string',
  'status',
  'predicted_ltv',
  'net_revenue',
  'delivery_category',
  'item_number',
  'lead_event_source',
  'event_source',
  'product_catalog_id',
] as const;

/** Members of `custom_data.store_data` (Meta, sending offline events). */
const storeKeys = ['store_page_id', 'brand_page_id', 'store_code'] as const;

/** Every member of `custom_data` that has a field of its own. */
const customDataKeys: ReadonlySet<string> = new Set([...namedKeys, 'store_data']);

/** `custom_data` while it is being built. */
export type CustomData = Record<string, unknown>;

/**
 * Fills `data`: the open object, stripped of identifiers, under the named fields, completed by what products say: an existing value
 * always wins, and money is never invented. A currency that Meta refuses is a failure.
 */
export function addCustomData(data: CustomData, fields: ConversionFields, context: ActionContext): Failure | undefined {
  const added = isObject(fields.extra?.['custom_data']) ? fields.extra['custom_data'] : undefined;
  if (added !== undefined) addUnnamed(data, strippedOfIdentifiers(added, context));
  if (fields.custom_data !== undefined) Object.assign(data, strippedOfIdentifiers(fields.custom_data, context));
  for (const key of namedKeys) {
    if (fields[key] !== undefined) data[key] = fields[key];
  }
  addStore(data, fields);
  dropEmptyList(data, 'contents');
  dropEmptyList(data, 'content_ids');
  derive(data);
  return checkCurrency(data, context);
}

function addUnnamed(data: CustomData, added: JsonObject): void {
  for (const key of Object.keys(added)) {
    if (!customDataKeys.has(key)) data[key] = added[key];
  }
}

function addStore(data: CustomData, fields: ConversionFields): void {
  const store: Record<string, unknown> = {};
  for (const key of storeKeys) setDefined(store, key, fields[key]);
  if (Object.keys(store).length === 0) return;
  data['store_data'] = isObject(data['store_data']) ? { ...data['store_data'], ...store } : store;
}

/** An empty cart has no products; Meta refuses contents without one (error 2804008). */
function dropEmptyList(data: CustomData, key: string): void {
  if ((data[key] as readonly unknown[] | undefined)?.length === 0) delete data[key];
}

function derive(data: CustomData): void {
  const contents = data['contents'] as readonly ContentItem[] | undefined;
  if (contents !== undefined) {
    data['contents'] = contents.map(withQuantity);
    data['content_ids'] ??= contents.map(idOf);
    if (data['num_items'] === undefined) setDefined(data, 'num_items', itemCount(contents));
    if (data['value'] === undefined) setDefined(data, 'value', itemsValue(contents));
  }
  if (data['content_ids'] !== undefined) data['content_type'] ??= 'product';
}

function setDefined(data: CustomData, key: string, value: unknown): void {
  if (value !== undefined) data[key] = value;
}

function idOf(item: ContentItem): string {
  return item.id;
}

/** Meta wants an id and a quantity of each item (Meta Pixel reference); one that is named is there at least once. */
function withQuantity(item: ContentItem): ContentItem {
  return item.quantity === undefined ? { ...item, quantity: 1 } : item;
}

function itemCount(contents: readonly ContentItem[]): number {
  let count = 0;
  for (const item of contents) count += item.quantity ?? 1;
  return count;
}

/** What the items cost together; undefined unless the price of every item that was given is known. */
function itemsValue(contents: readonly ContentItem[]): number | undefined {
  if (hasLostItems(contents)) return undefined;
  let value = 0;
  for (const item of contents) {
    if (item.item_price === undefined) return undefined;
    value += item.item_price * (item.quantity ?? 1);
  }
  // Sums of decimal fractions carry errors far behind the last digit of any currency.
  return Math.round(value * 1e6) / 1e6;
}

function checkCurrency(data: CustomData, context: ActionContext): Failure | undefined {
  const given = data['currency'];
  if (given === undefined) {
    if (data['value'] !== undefined) context.warn(currencyMissing);
    return undefined;
  }
  const code = currencyCode(given as string);
  if (code === undefined) return currencyInvalid;
  data['currency'] = code;
  return undefined;
}

const currencyMissing = {
  code: 'CURRENCY_MISSING',
  field: 'currency',
  message: 'The event has a value without a currency: Meta can report it, but not add it up.',
};

const currencyInvalid = failureOf(
  'CURRENCY_INVALID',
  'currency',
  "The currency isn't an ISO 4217 code that Meta takes.",
  'Map currency to a three-letter code such as EUR or USD.',
);
