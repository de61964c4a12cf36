import { isObject, type JsonObject, own } from '../../core/json.ts';
import type { Audience } from './audience.ts';
import type { AudienceAccess } from './audience-access.ts';
import { tooMuchData } from './audience-errors.ts';
import { audienceFields } from './audience-fields.ts';
import type { AudienceStore } from './audience-store.ts';
import { type Edge, type Judged, type Refused, refused } from '../graph/edge.ts';
import { type FieldSelection, readFields } from '../graph/field-selection.ts';
import { type GraphCall, parameter } from '../graph/graph-call.ts';
import { requestError } from '../graph/graph-errors.ts';

const usualLimit = 25;
/** Meta recommends 20 and names no maximum; this one is ours. */
const maxLimit = 500;

/** `GET /{version}/act_{account}/customaudiences`, newest first, in pages with cursors. */
export function listAudiencesEdge(access: AudienceAccess, store: AudienceStore): Edge {
  function judge(call: GraphCall, objectId: string): Judged {
    const account = access.account(call, objectId);
    if ('error' in account) return account;
    const fields = readFields(call, audienceFields, 'CustomAudience');
    if (fields.kind === 'refused') return fields;
    const filters = readFilters(parameter(call, 'filtering'));
    if (filters === undefined) return refused(requestError('The parameter filtering is not a list of filters'));
    const wanted = store.list(account.id).filter((audience) => filters.every((filter) => passes(filter, audience)));
    const page = readPage(call, wanted.reverse());
    if ('error' in page) return page;
    return { kind: 'accepted', apply: () => listing(call, page, fields) };
  }

  return { method: 'GET', name: 'customaudiences', judge };
}

interface Page {
  readonly audiences: readonly Audience[];
  readonly limit: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

function readPage(call: GraphCall, all: readonly Audience[]): Page | Refused {
  const asked = parameter(call, 'limit');
  const limit = asked === undefined || asked === '' ? usualLimit : Number(asked);
  if (!Number.isInteger(limit) || limit < 1) return refused(requestError('The parameter limit must be positive'));
  if (limit > maxLimit) return refused(tooMuchData());
  const after = placeOf(parameter(call, 'after'), all);
  const before = placeOf(parameter(call, 'before'), all);
  if (after === undefined || before === undefined) return refused(requestError('Invalid cursor'));
  const start = before === -1 ? after + 1 : Math.max(0, before - limit);
  const end = before === -1 ? start + limit : before;
  return { audiences: all.slice(start, end), limit, isFirst: start === 0, isLast: end >= all.length };
}

/** A cursor names an audience, so that pages don't shift when audiences are made meanwhile. -1 without a cursor. */
function placeOf(cursor: unknown, all: readonly Audience[]): number | undefined {
  if (cursor === undefined || cursor === '') return -1;
  const id = Buffer.from(String(cursor), 'base64url').toString('utf8');
  const place = all.findIndex((audience) => audience.id === id);
  return place === -1 ? undefined : place;
}

function cursorOf({ id }: Audience): string {
  return Buffer.from(id).toString('base64url');
}

function listing(call: GraphCall, page: Page, fields: FieldSelection): JsonObject {
  const data = page.audiences.map((audience) => fields.read(audience, audienceFields));
  const [first] = page.audiences;
  const last = page.audiences.at(-1);
  if (first === undefined || last === undefined) return { data };
  const cursors = { before: cursorOf(first), after: cursorOf(last) };
  return {
    data,
    paging: {
      cursors,
      ...(page.isLast ? {} : { next: pageUrl(call, 'after', cursors.after) }),
      ...(page.isFirst ? {} : { previous: pageUrl(call, 'before', cursors.before) }),
    },
  };
}

/** Meta puts the token into it; the sandbox never shows one. */
function pageUrl(call: GraphCall, direction: 'after' | 'before', cursor: string): string {
  const query = new URLSearchParams(call.query);
  for (const name of ['access_token', 'appsecret_proof', 'appsecret_time', 'after', 'before']) query.delete(name);
  query.set(direction, cursor);
  return `http://${call.host}/${call.path.join('/')}?${query}`;
}

interface Filter {
  readonly field: 'id' | 'name' | 'subtype';
  readonly passes: (value: string) => boolean;
}

function readFilters(value: unknown): readonly Filter[] | undefined {
  if (value === undefined || value === '') return [];
  const list = typeof value === 'string' ? parsed(value) : value;
  if (!Array.isArray(list)) return undefined;
  const filters = list.map(readFilter).filter((filter) => filter !== undefined);
  return filters.length === list.length ? filters : undefined;
}

function readFilter(value: unknown): Filter | undefined {
  const field = (['id', 'name', 'subtype'] as const).find((known) => known === own(value, 'field'));
  if (!isObject(value) || field === undefined) return undefined;
  const passing = operators[String(value['operator'])]?.(value['value']);
  return passing === undefined ? undefined : { field, passes: passing };
}

const operators: Readonly<Record<string, (value: unknown) => Filter['passes']>> = {
  EQUAL: (value) => (text) => text === String(value),
  NOT_EQUAL: (value) => (text) => text !== String(value),
  CONTAIN: (value) => (text) => text.includes(String(value)),
  NOT_CONTAIN: (value) => (text) => !text.includes(String(value)),
  IN: (value) => (text) => Array.isArray(value) && value.map(String).includes(text),
  NOT_IN: (value) => (text) => Array.isArray(value) && !value.map(String).includes(text),
};

function passes(filter: Filter, audience: Audience): boolean {
  return filter.passes(audience[filter.field]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
