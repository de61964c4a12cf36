import type { ActionContext } from '../../core/action.ts';
import type { FieldDefinition } from '../../core/field.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import type { Failure } from '../../core/outcome.ts';
import { keepLosses, lossesOf } from '../coerce.ts';
import { currencyCode } from '../currency.ts';
import { failureOf } from '../field-error.ts';
import { generatedCopy } from '../generated-copy.ts';
import { generatedEach } from '../generated-each.ts';
import { mayNeedStripping } from '../privacy/strip.ts';
import type { ConversionFields } from './fields/conversion.ts';
import { type ContentItem, type CustomDataFields, namedFields, storeFields } from './fields/custom-data.ts';
import { clearObject, clearText } from './in-the-clear.ts';

/** Members of `custom_data` that have a field of their own (Meta, custom data parameters). */
const customDataKeys: ReadonlySet<string> = new Set([...Object.keys(namedFields), 'store_data']);
const copyNamed = generatedCopy(Object.keys(namedFields));
const copyStore = generatedCopy(Object.keys(storeFields));

/** `custom_data` while it is being built. */
export type CustomData = Record<string, unknown>;

/**
 * Fills `data`: the open object under the named fields, completed by what products say: an existing value always wins,
 * and money is never invented. What identifies somebody is taken out. A currency that Meta refuses is a failure for a
 * Purchase.
 */
export function addCustomData(data: CustomData, fields: ConversionFields, context: ActionContext): Failure | undefined {
  const added = isObject(fields.extra?.['custom_data']) ? fields.extra['custom_data'] : undefined;
  if (added !== undefined) addUnnamed(data, clearObject('extra.custom_data', added, context));
  if (fields.custom_data !== undefined) addOwn(data, fields.custom_data, context);
  copyNamed(fields, data);
  addStore(data, fields, context);
  clearNamed(data, { data, context });
  derive(data);
  return checkCurrency(data, fields, context);
}

function addUnnamed(data: CustomData, added: JsonObject): void {
  for (const key of Object.keys(added)) {
    if (!customDataKeys.has(key)) data[key] = added[key];
  }
}

/** Products are looked at where those of the fields are: what is taken out of one may leave nothing of it. */
function addOwn(data: CustomData, own: NonNullable<CustomDataFields['custom_data']>, context: ActionContext): void {
  const { contents, content_ids, ...others } = own;
  Object.assign(data, clearObject('custom_data', others, context));
  if (contents !== undefined) data['contents'] = contents;
  if (content_ids !== undefined) data['content_ids'] = content_ids;
}

/** `custom_data.store_data` (Meta, sending offline events). */
function addStore(data: CustomData, fields: CustomDataFields, context: ActionContext): void {
  const { store_page_id, brand_page_id, store_code } = fields;
  if (store_page_id === undefined && brand_page_id === undefined && store_code === undefined) return;
  const store: Record<string, unknown> = isObject(data['store_data']) ? { ...data['store_data'] } : {};
  copyStore(fields, store);
  data['store_data'] = clearObject('store_data', store, context);
}

interface Clearing {
  readonly data: CustomData;
  readonly context: ActionContext;
}

/** Texts of one's own choice, in which an identifier may stand. */
const clearNamed = generatedEach(
  Object.entries<FieldDefinition>(namedFields)
    .filter(
      ([name, { type, choices }]) =>
        name !== 'currency' && type !== 'number' && type !== 'integer' && choices === undefined,
    )
    .map(([name]) => name),
  mayHoldInside,
  (name, value, { data, context }: Clearing) => {
    const rest =
      typeof value === 'string'
        ? clearText(name, value, context)
        : name === 'contents'
          ? clearContents(value as readonly ContentItem[], context)
          : clearIds(name, value as readonly string[], context);
    if (rest === undefined) delete data[name];
    else if (rest !== value) data[name] = rest;
  },
);

function clearIds(name: string, ids: readonly string[], context: ActionContext): readonly string[] | undefined {
  let unclear = -1;
  for (let at = 0; at < ids.length && unclear < 0; at += 1) {
    const id = ids[at] ?? '';
    if (clearProductId(name, id, context) !== id) unclear = at;
  }
  if (unclear < 0) return ids;
  // One warning is enough for all of them.
  const silent = { ...context, warn: () => {} };
  const kept = ids.flatMap((id) => clearProductId(name, id, silent) ?? []);
  return kept.length === 0 ? undefined : kept;
}

function clearProductId(name: string, id: string, context: ActionContext): string | undefined {
  return isNumber(id) ? id : clearText(name, id, context);
}

/** Numbers of products are as long as those of cards, and one in ten of them has the right last digit. */
function isNumber(id: string): boolean {
  return productNumber.test(id);
}

const productNumber = /^[1-9]\d*$/;

/** False for most values: nothing in them could identify somebody. */
function mayHoldInside(value: unknown): boolean {
  if (typeof value === 'string') return mayNeedStripping(value);
  if (!Array.isArray(value)) return true;
  for (let at = 0; at < value.length; at += 1) {
    const item: unknown = value[at];
    if (typeof item === 'string' ? mayNeedStripping(item) : itemMayHold(item as ContentItem)) return true;
  }
  return false;
}

function itemMayHold({ id, title, description, brand, category }: ContentItem): boolean {
  if (!isNumber(id) && mayNeedStripping(id)) return true;
  if (title === undefined && description === undefined && brand === undefined && category === undefined) return false;
  return [title, description, brand, category].some((text) => text !== undefined && mayNeedStripping(text));
}

function clearContents(items: readonly ContentItem[], context: ActionContext): readonly ContentItem[] | undefined {
  const shown = items.map((item) => (isNumber(item.id) ? { ...item, id: '' } : item));
  const cleared = clearObject('contents', { items: shown }, context)['items'] as readonly ContentItem[];
  if (cleared === shown) return items;
  const kept = cleared.flatMap((item, at) => {
    // An item is nothing without its id.
    if (item.id === undefined) return [];
    return [item.id === '' ? { ...item, id: items[at]?.id ?? '' } : item];
  });
  if (kept.length === 0) return undefined;
  keepLosses(items, kept);
  return kept;
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
  // As it came from the checks of the fields: a copy knows nothing of its losses.
  const lost = lossesOf(contents);
  data['contents'] = contents.map(withQuantity);
  data['content_ids'] ??= contents.map(idOf);
  // Sums are made only of what every item has.
  if (lost.has('') || lost.has('quantity')) return;
  data['num_items'] ??= itemCount(contents);
  if (data['value'] !== undefined || lost.has('item_price')) return;
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

function itemCount(contents: readonly ContentItem[]): number | undefined {
  let count = 0;
  for (const item of contents) count += item.quantity ?? 1;
  return finite(count);
}

/** What the items cost together; undefined unless the price of every item is known. */
function itemsValue(contents: readonly ContentItem[]): number | undefined {
  let value = 0;
  for (const item of contents) {
    if (item.item_price === undefined) return undefined;
    value += item.item_price * (item.quantity ?? 1);
  }
  // Sums of decimal fractions carry errors far behind the last digit of any currency.
  return finite(Math.round(value * 1e6) / 1e6);
}

/** Undefined for more than a number holds, which JSON would make null of. */
function finite(sum: number): number | undefined {
  return Number.isFinite(sum) ? sum : undefined;
}

/** A Purchase can't do without a currency; of another event a code that Meta refuses (error 2804011) is left out. */
function checkCurrency(data: CustomData, fields: ConversionFields, context: ActionContext): Failure | undefined {
  const given = data['currency'];
  if (given !== undefined) {
    const code = typeof given === 'string' ? currencyCode(given) : undefined;
    if (code !== undefined) {
      data['currency'] = code;
      return undefined;
    }
    if (fields.event_name === 'Purchase') return currencyInvalid;
    delete data['currency'];
    context.warn(currencyInvalid);
  }
  if (data['value'] !== undefined) context.warn(currencyMissing);
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
