import { isObject, type JsonObject } from '../../core/json.ts';
import { isCurrency } from './currencies.ts';
import type { EventCheck } from './event-check.ts';
import { eventPath, isNumeric, present } from './event-path.ts';
import { type GraphError, parameterError, validationError } from '../graph/graph-errors.ts';

/** custom_data takes any key; these must be numbers. */
const numericKeys = ['value', 'predicted_ltv', 'net_revenue', 'num_items'];

/** An item of contents takes no other key: "name" was seen to be refused. */
const contentKeys: ReadonlySet<string> = new Set([
  'id',
  'quantity',
  'item_price',
  'title',
  'description',
  'brand',
  'category',
  'delivery_category',
]);

/** Types of custom_data, and the keys of its contents. `value` has been seen to be an object, or is absent. */
export function checkCustomDataShape(value: unknown, index: number): GraphError | undefined {
  if (!isObject(value)) return undefined;
  for (const key of numericKeys) {
    if (present(value[key]) && !isNumeric(value[key])) {
      return parameterError(`The parameter ${eventPath(index, 'custom_data', key)} is not a valid number`);
    }
  }
  const contents = value['contents'];
  return Array.isArray(contents) ? checkContentKeys(contents, index) : undefined;
}

function checkContentKeys(contents: readonly unknown[], index: number): GraphError | undefined {
  for (const [place, item] of contents.entries()) {
    if (!isObject(item)) continue;
    for (const key in item) {
      if (contentKeys.has(key) || item[key] === null) continue;
      const path = eventPath(index, 'custom_data', 'contents', place);
      return parameterError(`Unexpected key "${key}" on param "${path}"`);
    }
  }
  return undefined;
}

/** Purchase needs value and currency; its name is compared by case. A bad currency is refused in every event. */
export const checkCurrency: EventCheck = (event) => {
  const customData = isObject(event['custom_data']) ? event['custom_data'] : {};
  if (event['event_name'] === 'Purchase') {
    if (!present(customData['value'])) return validationError(2804009, ['custom_data', 'value']);
    if (!present(customData['currency'])) return validationError(2804010, ['custom_data', 'currency']);
  }
  const currency = customData['currency'];
  return present(currency) && !isCurrency(currency) ? validationError(2804011, ['custom_data', 'currency']) : undefined;
};

/** A list of items with id and quantity (Meta: pixel reference, object properties). */
export const checkContents: EventCheck = (event) => {
  const contents = isObject(event['custom_data']) ? event['custom_data']['contents'] : undefined;
  if (!present(contents)) return undefined;
  const valid = Array.isArray(contents) && contents.every((item) => isObject(item) && isContent(item));
  return valid ? undefined : validationError(2804008, ['custom_data', 'contents']);
};

function isContent(item: JsonObject): boolean {
  const { id, quantity, item_price: price } = item;
  const hasId = (typeof id === 'string' && id !== '') || typeof id === 'number';
  return hasId && isNumeric(quantity) && Number(quantity) > 0 && (!present(price) || isNumeric(price));
}
