import type { ActionContext } from '../../core/action.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import type { Failure } from '../../core/outcome.ts';
import { hasLostItems } from '../coerce.ts';
import { currencyCode } from './currency.ts';
import { failureOf } from '../field-error.ts';
import { generatedCopy } from '../generated-copy.ts';
import type { ConversionFields } from './fields/conversion.ts';
import { type ContentItem, type CustomDataFields, namedFields, storeFields } from './fields/custom-data.ts';
import { strippedOfIdentifiers } from './strip-identifiers.ts';

/** Members of `custom_data` that have a field of their own (Meta, custom data parameters). */
const customDataKeys: ReadonlySet<string> = new Set([...Object.keys(namedFields), 'store_data']);
const copyNamed = generatedCopy(Object.keys(namedFields));
const copyStore = generatedCopy(Object.keys(storeFields));

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
  copyNamed(fields, data);
  addStore(data, fields);
  derive(data);
  return checkCurrency(data, context);
}

function addUnnamed(data: CustomData, added: JsonObject): void {
  for (const key of Object.keys(added)) {
    if (!customDataKeys.has(key)) data[key] = added[key];
  }
}

/** `custom_data.store_data` (Meta, sending offline events). */
function addStore(data: CustomData, fields: CustomDataFields): void {
  const { store_page_id, brand_page_id, store_code } = fields;
  if (store_page_id === undefined && brand_page_id === undefined && store_code === undefined) return;
  const store: Record<string, unknown> = isObject(data['store_data']) ? { ...data['store_data'] } : {};
  copyStore(fields, store);
  data['store_data'] = store;
}

function derive(data: CustomData): void {
  if ((data['content_ids'] as readonly unknown[] | undefined)?.length === 0) delete data['content_ids'];
  const contents = data['contents'] as readonly ContentItem[] | undefined;
  // An empty cart has no products; Meta refuses contents without one (error 2804008).
  if (contents?.length === 0) delete data['contents'];
  else if (contents !== undefined) deriveFromContents(data, contents);
  if (data['content_ids'] !== undefined) data['content_type'] ??= 'product';
}

function deriveFromContents(data: CustomData, contents: readonly ContentItem[]): void {
  data['contents'] = contents.map(withQuantity);
  data['content_ids'] ??= contents.map(idOf);
  if (data['num_items'] === undefined) data['num_items'] = itemCount(contents);
  if (data['value'] !== undefined) return;
  const value = itemsValue(contents);
  if (value !== undefined) data['value'] = value;
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
