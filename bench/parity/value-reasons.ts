import { isObject, own } from '../../src/core/json.ts';
import type { ParityReason } from './reason.ts';

const numeric = /^custom_data\.(?:value|num_items|net_revenue|predicted_ltv|contents\[\d+\]\.(?:quantity|item_price))$/;
/** Members that Meta defines; others are the user's own. */
const named =
  /^custom_data\.(?:value|num_items|net_revenue|status|currency|search_string|content_\w+|order_id|contents\[\d+\]\.\w+)$/;

const contentsOf = (ours: unknown): readonly unknown[] => {
  const data = own(ours, 'data');
  const contents = own(own(Array.isArray(data) ? data[0] : undefined, 'custom_data'), 'contents');
  return Array.isArray(contents) ? contents : [];
};

/** What looks like somebody, in a text or by the name of its member. */
function identifies(path: string, value: unknown): boolean {
  const text = String(value);
  return /@|%40/.test(text) || /(?:^|[._])(?:fbc|fbp|email|phone)$/.test(path);
}

export const valueReasons: readonly ParityReason[] = [
  {
    id: 'event-time-in-seconds',
    text: 'The same time in Unix seconds, as Meta documents it, instead of a text.',
    explains: ({ path, theirs, ours }) =>
      path === 'event_time' && Math.floor(Date.parse(String(theirs)) / 1000) === ours,
  },
  {
    id: 'empty-text',
    text: 'An empty text is no value, and is left out.',
    explains: ({ theirs, ours }) => theirs === '' && ours === undefined,
  },
  {
    id: 'same-boolean',
    text: 'true and false instead of 1 and 0, which Meta takes alike.',
    explains: ({ theirs, ours }) => typeof ours === 'boolean' && theirs === Number(ours),
  },
  {
    id: 'identifier-taken-out',
    text: 'What may identify a person is taken out of everything that is not hashed: texts, addresses of pages, members of custom_data by their names and values.',
    explains: ({ path, theirs, ours }) =>
      /^(?:custom_data\.|event_source_url|event_name)/.test(path) &&
      identifies(path, theirs) &&
      (ours === undefined || String(ours).length < String(theirs).length || !identifies('', ours)),
  },
  {
    id: 'content-type-derived',
    text: 'Where there are content ids and no type, the type is product.',
    explains: ({ path, theirs, ours }, { ours: body }) =>
      path === 'custom_data.content_type' &&
      theirs === undefined &&
      ours === 'product' &&
      JSON.stringify(body).includes('"content_ids"'),
  },
  {
    id: 'content-ids-derived',
    text: 'Where there are contents and no content ids, the ids are those of the contents.',
    explains: ({ path, theirs, ours }, { ours: body }) =>
      /^custom_data\.content_ids\[\d+\]$/.test(path) &&
      theirs === undefined &&
      contentsOf(body).some((item) => own(item, 'id') === ours),
  },
  {
    id: 'number-of-items-derived',
    text: 'Where there are contents and no number of items, it is the sum of their quantities.',
    explains: ({ path, theirs, ours }, { ours: body }) =>
      path === 'custom_data.num_items' &&
      theirs === undefined &&
      contentsOf(body).reduce<number>((sum, item) => sum + Number(own(item, 'quantity')), 0) === ours,
  },
  {
    id: 'value-derived',
    text: 'Where there is no value, it is the sum over the contents, if all their prices are known.',
    explains: ({ path, theirs, ours }, { ours: body }) =>
      path === 'custom_data.value' &&
      theirs === undefined &&
      contentsOf(body).reduce<number>(
        (sum, item) => sum + Number(own(item, 'quantity')) * Number(own(item, 'item_price')),
        0,
      ) === ours,
  },
  {
    id: 'quantity-one',
    text: 'A quantity that is absent, or that Meta refuses, is 1.',
    explains: ({ path, theirs, ours }) =>
      /\.quantity$/.test(path) && ours === 1 && (theirs === undefined || theirs === null || Number(theirs) < 1),
  },
  {
    id: 'null-is-no-zero',
    text: 'null is no value; there it becomes 0.',
    explains: ({ path, theirs, ours }, { fields }) => {
      if (theirs !== 0 || ours !== undefined) return false;
      const [, index, member = ''] = /^custom_data\.contents\[(\d+)\]\.(\w+)$/.exec(path) ?? [];
      const item = Array.isArray(fields['contents'])
        ? (fields['contents'] as unknown[])[Number(index)]
        : fields['contents'];
      return index === undefined ? fields[path.replace('custom_data.', '')] === null : own(item, member) === null;
    },
  },
  {
    id: 'currency-code',
    text: 'A currency in capitals; what is no ISO 4217 code of money is left out.',
    explains: ({ path, theirs, ours }) =>
      path === 'custom_data.currency' && (ours === undefined || String(theirs).trim().toUpperCase() === ours),
  },
  {
    id: 'type-of-member',
    text: 'A member that Meta defines has the type that Meta gives it (a number, a text); what can not be one is left out.',
    explains: ({ path, theirs, ours }) => {
      if (!named.test(path)) return false;
      if (ours !== undefined)
        return typeof ours !== typeof theirs && (String(theirs) === String(ours) || Number(theirs) === ours);
      return numeric.test(path) && (typeof theirs !== 'number' || !Number.isInteger(theirs));
    },
  },
  {
    id: 'content-unusable',
    text: 'An item without an id is left out, and so are items behind it in their places: the others are sent.',
    explains: ({ path, theirs }) => /^custom_data\.(?:contents|content_ids)\[\d+\]/.test(path) && theirs === '',
  },
  {
    id: 'blank-directive',
    text: '`blank` is about text here: 0 is a value. There it counted as blank.',
    explains: ({ path, ours, theirs }, { fields }) =>
      path === 'event_name' && fields['event_name'] === 0 && ours === '0' && typeof theirs === 'string',
  },
  {
    id: 'custom-data-nested',
    text: 'A member of custom_data that holds nothing is left out with what holds it.',
    explains: ({ path, theirs, ours }) => path.startsWith('custom_data.') && ours === undefined && isObject(theirs),
  },
];
