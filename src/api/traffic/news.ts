import type { Telemetry } from '../../core/ports.ts';
import type { TelemetryEvent } from '../../core/telemetry.ts';
import { type AudienceCounted, createAudienceGrowth } from './audience-growth.ts';

/** What a process has to tell the one that counts for several. */
export interface TrafficNews {
  /** Of events that differ in nothing that is counted, one, and how often it happened. */
  readonly events: readonly Happened[];
  /** Who joined and left audiences since the last time. */
  readonly audiences: readonly AudienceCounted[];
}

interface Happened {
  readonly event: TelemetryEvent;
  readonly times: number;
}

/** Collects what `Traffic` counts, so that it can be counted elsewhere. */
export interface TrafficNewsCollector extends Telemetry {
  /** What came since the last call; undefined: nothing. */
  take(changedAudiences: readonly AudienceCounted[]): TrafficNews | undefined;
}

export function createTrafficNews(): TrafficNewsCollector {
  const growth = createAudienceGrowth();
  const happened = new Map<string, Happened>();
  return {
    emit(event) {
      const key = keyOf(event);
      if (key === undefined) return;
      const before = happened.get(key);
      happened.set(key, before === undefined ? { event, times: 1 } : together(before, event));
    },
    take(changedAudiences) {
      const events = [...happened.values()];
      happened.clear();
      const audiences = growth.since(changedAudiences);
      return events.length + audiences.length === 0 ? undefined : { events, audiences };
    },
  };
}

/** The same for events that are told as one; undefined: they aren't counted. */
function keyOf(event: TelemetryEvent): string | undefined {
  switch (event.kind) {
    case 'records_read':
    case 'record_settled':
    case 'delays':
      return event.kind;
    case 'matched':
    case 'sent':
    case 'delivered':
      return textOf(event.kind, event.destination, event.subscription);
    case 'skipped':
      return textOf(event.kind, event.destination, event.subscription, event.reason);
    case 'dead_letter':
      return textOf(event.kind, event.destination, event.subscription, event.code);
    case 'request_finished':
      return event.failure && textOf(event.kind, event.destination, event.failure.code);
    case 'retry_scheduled':
    case 'lane_throttled':
    case 'usage':
      return textOf(event.kind, event.lane);
    case 'api_version':
      return textOf(event.kind, event.destination, event.api);
    default:
      return undefined;
  }
}

function textOf(...names: readonly string[]): string {
  return JSON.stringify(names);
}

function together({ event: before, times }: Happened, event: TelemetryEvent): Happened {
  // Of states the last one is true.
  if (event.kind === 'usage' || event.kind === 'api_version') return { event, times: 1 };
  if (event.kind === 'delays' && before.kind === 'delays') {
    const counts = event.counts.map((count, at) => count + (before.counts[at] ?? 0));
    return { event: { ...event, counts }, times: 1 };
  }
  if (isCounted(event) && isCounted(before)) {
    return { event: { ...event, count: event.count + before.count }, times: 1 };
  }
  return { event, times: times + 1 };
}

type CountedEvent = Extract<
  TelemetryEvent,
  { readonly kind: 'records_read' | 'record_settled' | 'matched' | 'sent' | 'delivered' | 'skipped' }
>;

const counted: ReadonlySet<string> = new Set<CountedEvent['kind']>([
  'records_read',
  'record_settled',
  'matched',
  'sent',
  'delivered',
  'skipped',
]);

function isCounted(event: TelemetryEvent): event is CountedEvent {
  return counted.has(event.kind);
}
