import type { JsonObject } from '../../core/json.ts';
import { createStoreDuplicates, duplicateRule, eventIdWindowMillis } from './deduplication.ts';
import { createIdIndex, type IdIndex } from './id-index.ts';
import type { SandboxRules } from '../graph/options.ts';
import { createRing } from '../graph/ring.ts';

/** An event that was accepted, whole. */
export interface StoredEvent {
  readonly sequence: number;
  readonly dataset: string;
  /** Unix milliseconds. */
  readonly receivedAt: number;
  /** The id of the request that brought it. */
  readonly request: number;
  /** Meta would have thrown it away as a repetition. */
  readonly duplicate: boolean;
  readonly event: JsonObject;
}

/** An event id with its counts. */
export interface AcceptedId {
  readonly dataset: string;
  readonly event_name: string;
  readonly event_id: string;
  /** How often it was accepted. */
  readonly count: number;
  /** Those that Meta's de-duplication would have thrown away. */
  readonly duplicates: number;
}

export interface EventCounts {
  readonly accepted: number;
  /** Accepted less duplicates: what Meta would have counted. */
  readonly unique: number;
  readonly duplicates: number;
}

export interface NamedCounts extends EventCounts {
  readonly dataset: string;
  readonly event_name: string;
}

/** Everything that was accepted: whole events for the newest, ids and counts for all. */
export interface EventStore {
  accept(dataset: string, events: readonly JsonObject[], receivedAt: number, request: number): void;
  /** Oldest first. */
  events(): Generator<StoredEvent, void, undefined>;
  ids(): Generator<AcceptedId, void, undefined>;
  /** How often an event_id was accepted, over all datasets and names. */
  received(eventId: string): number;
  counts(): EventCounts;
  countsByName(): readonly NamedCounts[];
  withoutEventId(): number;
  /** Ids that there was no room for. */
  idsNotKept(): number;
  clear(): void;
}

interface Series {
  readonly dataset: string;
  readonly eventName: string;
  readonly ids: IdIndex;
  accepted: number;
  unique: number;
}

/** Names come from the client, so their number is bounded; the events of further ones are counted as one. */
const maxSeries = 10_000;

export function createEventStore(rules: SandboxRules): EventStore {
  const newest = createRing<StoredEvent>(rules.keepEvents);
  let memory = emptyMemory(rules);

  function seriesOf(dataset: string, eventName: string): Series {
    return memory.series.size < maxSeries ? ownSeries(dataset, eventName) : sharedSeries(dataset, eventName);
  }

  function sharedSeries(dataset: string, eventName: string): Series {
    return memory.series.get(JSON.stringify([dataset, eventName])) ?? ownSeries('(more)', '(more)');
  }

  function ownSeries(dataset: string, eventName: string): Series {
    const key = JSON.stringify([dataset, eventName]);
    const known = memory.series.get(key);
    if (known !== undefined) return known;
    const series: Series = { dataset, eventName, ids: createIdIndex(), accepted: 0, unique: 0 };
    memory.series.set(key, series);
    return series;
  }

  /** Counts the event and tells whether Meta would keep it. */
  function count(series: Series, event: JsonObject, atMillis: number): boolean {
    const rule = duplicateRule(event);
    const id = keepableId(series, event);
    if (rule === 'event_id' && id !== undefined) return series.ids.add(id, atMillis, eventIdWindowMillis);
    const kept = rule === 'store' ? memory.stores.isFirst(series.dataset, event, atMillis) : true;
    if (id !== undefined) series.ids.record(id, kept);
    return kept;
  }

  function keepableId(series: Series, event: JsonObject): string | undefined {
    const id = event['event_id'];
    if (typeof id !== 'string' || id === '') {
      memory.withoutEventId += 1;
      return undefined;
    }
    if (series.ids.has(id)) return id;
    if (memory.ids >= rules.keepEventIds) {
      memory.idsNotKept += 1;
      return undefined;
    }
    memory.ids += 1;
    return id;
  }

  return {
    accept(dataset, events, receivedAt, request) {
      for (const event of events) {
        const series = seriesOf(dataset, String(event['event_name']));
        const kept = count(series, event, receivedAt);
        series.accepted += 1;
        if (kept) series.unique += 1;
        memory.sequence += 1;
        newest.push({ sequence: memory.sequence, dataset, receivedAt, request, duplicate: !kept, event });
      }
    },
    events: newest.items,
    *ids() {
      for (const { dataset, eventName, ids } of memory.series.values()) {
        for (const { id, accepted, kept } of ids.entries()) {
          yield { dataset, event_name: eventName, event_id: id, count: accepted, duplicates: accepted - kept };
        }
      }
    },
    received(eventId) {
      let total = 0;
      for (const { ids } of memory.series.values()) total += ids.accepted(eventId);
      return total;
    },
    counts() {
      let [accepted, unique] = [0, 0];
      for (const series of memory.series.values()) {
        accepted += series.accepted;
        unique += series.unique;
      }
      return { accepted, unique, duplicates: accepted - unique };
    },
    countsByName: () =>
      [...memory.series.values()].map(({ dataset, eventName, accepted, unique }) => {
        return { dataset, event_name: eventName, accepted, unique, duplicates: accepted - unique };
      }),
    withoutEventId: () => memory.withoutEventId,
    idsNotKept: () => memory.idsNotKept,
    clear() {
      newest.clear();
      memory = emptyMemory(rules);
    },
  };
}

function emptyMemory(rules: SandboxRules) {
  return {
    series: new Map<string, Series>(),
    stores: createStoreDuplicates(rules.keepEventIds),
    ids: 0,
    idsNotKept: 0,
    withoutEventId: 0,
    sequence: 0,
  };
}
