import type { AcceptedId, EventStore, StoredEvent } from '../conversions/event-store.ts';
import type { RequestEntry } from '../graph/request-log.ts';

/** Pieces of an answer, made while they are sent: none of the views is ever one string. */
export type Pieces = Generator<string, void, undefined>;

export interface ListFilter {
  /** Only what came after this id or sequence. */
  readonly since: number;
  readonly limit: number;
}

/** `{"requests": […]}`, oldest first. */
export function requestsView(entries: Iterable<RequestEntry>, filter: ListFilter, withBodies: boolean): Pieces {
  const wanted = listed(entries, ({ id }) => id > filter.since, filter);
  return jsonList('requests', wanted, (entry) => requestText(entry, withBodies));
}

export interface EventFilter extends ListFilter {
  readonly eventId: string | undefined;
  readonly dataset: string | undefined;
}

/** `{"events": […]}`, oldest first, of the events that are kept whole. */
export function eventsView(events: Iterable<StoredEvent>, filter: EventFilter): Pieces {
  const { eventId, dataset, since } = filter;
  const isWanted = (stored: StoredEvent) =>
    stored.sequence > since &&
    (dataset === undefined || stored.dataset === dataset) &&
    (eventId === undefined || stored.event['event_id'] === eventId);
  return jsonList('events', listed(events, isWanted, filter), eventText);
}

/** One line per event id that was ever accepted. */
export function* idsView(store: EventStore, filter: Pick<EventFilter, 'dataset' | 'eventId'>): Pieces {
  let lines: string[] = [];
  for (const id of store.ids()) {
    if (filter.dataset !== undefined && id.dataset !== filter.dataset) continue;
    if (filter.eventId !== undefined && id.event_id !== filter.eventId) continue;
    lines.push(JSON.stringify(id));
    if (lines.length < 1000) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}

/** `{"duplicates": […]}`: ids that Meta's de-duplication would have found. */
export function duplicatesView(ids: Iterable<AcceptedId>, limit: number): Pieces {
  return jsonList(
    'duplicates',
    take(ids, ({ duplicates }) => duplicates > 0, limit),
    (id) => JSON.stringify(id),
  );
}

/** The first of them, for who reads on from where they stopped. */
function* take<T>(items: Iterable<T>, isWanted: (item: T) => boolean, limit: number): Generator<T, void, undefined> {
  let taken = 0;
  for (const item of items) {
    if (taken >= limit) return;
    if (!isWanted(item)) continue;
    taken += 1;
    yield item;
  }
}

/** The newest, oldest first; after `since` the first that came. */
function listed<T>(items: Iterable<T>, isWanted: (item: T) => boolean, { since, limit }: ListFilter): Iterable<T> {
  if (since > 0 || limit === Number.POSITIVE_INFINITY) return take(items, isWanted, limit);
  const wanted = [...take(items, isWanted, Number.POSITIVE_INFINITY)];
  return wanted.slice(Math.max(0, wanted.length - limit));
}

function* jsonList<T>(name: string, items: Iterable<T>, textOf: (item: T) => string): Pieces {
  yield `{"${name}":[`;
  let separator = '';
  for (const item of items) {
    yield separator + textOf(item);
    separator = ',';
  }
  yield ']}\n';
}

/** A JSON body goes out as it came in, an object; anything else as text, and `null` when it is no longer kept. */
function requestText({ body, ...entry }: RequestEntry, withBodies: boolean): string {
  const head = JSON.stringify({ ...entry, time: new Date(entry.time).toISOString(), status: entry.status ?? null });
  if (!withBodies) return head;
  const text = body?.bytes.toString('utf8');
  const shown = body?.kind === 'json' ? text : JSON.stringify(text ?? null);
  return `${head.slice(0, -1)},"body":${shown}}`;
}

function eventText({ event, ...stored }: StoredEvent): string {
  const head = JSON.stringify({ ...stored, receivedAt: new Date(stored.receivedAt).toISOString() });
  return `${head.slice(0, -1)},"event":${writable(event)}}`;
}

function writable(event: unknown): string {
  try {
    return JSON.stringify(event);
  } catch {
    return '"(too deeply nested to show)"';
  }
}
