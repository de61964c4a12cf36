import type { Telemetry } from '../../core/ports.ts';
import { subscriptionKey } from '../../core/subscription-key.ts';
import type { TelemetryEvent } from '../../core/telemetry.ts';
import { type AudienceCounted, createAudienceGrowth } from './audience-growth.ts';
import { type AudienceHistories, createAudienceHistories } from './audience-histories.ts';
import { type CountName, type GrowingCounts, newCounts } from './counts.ts';
import { createDelayHistory, type DelayHistory } from './delay-history.ts';
import { createHistory, type History } from './history.ts';
import type { TrafficNews } from './news.ts';

/** What was counted of one destination or subscription. */
export interface Counted {
  readonly counts: Readonly<GrowingCounts>;
  /** Absent beyond the bound of those that have one. */
  readonly history?: History<CountName>;
  /** Events by the reason why they weren't sent. */
  readonly skipped: ReadonlyMap<string, number>;
  /** Dead letters by code. */
  readonly setAside: ReadonlyMap<string, number>;
  /** Failed requests by code; of a destination only. */
  readonly failures: ReadonlyMap<string, number>;
  /** Unix milliseconds. */
  readonly lastDeliveredAt: number | undefined;
}

export interface LaneCounts {
  readonly retries: number;
  readonly throttles: number;
  readonly usagePercent: number | undefined;
}

export type ProcessCounts = GrowingCounts & { read: number; settled: number };

/** What happened since the start, and over time. It counts what telemetry tells, which is a few times a batch. */
export interface Traffic extends Telemetry {
  readonly process: Readonly<ProcessCounts>;
  readonly history: History<keyof ProcessCounts>;
  readonly delays: DelayHistory;
  readonly lastDeliveredAt: number | undefined;
  destination(name: string): Counted;
  subscription(destination: string, id: string): Counted;
  lane(name: string): LaneCounts;
  /** Days until Meta refuses the API version; undefined: not known. */
  versionDaysLeft(destination: string): number | undefined;
  readonly audiences: Pick<AudienceHistories, 'of'>;
  /** Counts what another process was told. */
  hear(news: TrafficNews): void;
  /** Counts seconds from now on. */
  start(changedAudiences: () => readonly AudienceCounted[]): void;
  stop(): void;
}

interface Counting extends Counted {
  readonly counts: GrowingCounts;
  readonly skipped: Map<string, number>;
  readonly setAside: Map<string, number>;
  readonly failures: Map<string, number>;
  lastDeliveredAt: number | undefined;
}

interface CountingLane {
  retries: number;
  throttles: number;
  usagePercent: number | undefined;
  usageAt: number;
}

const secondMillis = 1_000;
/** Seconds that are made up for at once. */
const mostMadeUp = 60;
const daySeconds = 86_400;
/** A history takes 41 KB. */
const mostHistories = 300;
/** Reasons and codes come from the program and from Meta's numbers; a bound all the same. */
const mostNames = 200;
const mostLanes = 1_000;
/** Meta's scores decay within five minutes (Meta: Rate limiting): what was reported before says nothing any more. */
const usageMillis = 300_000;

export interface TrafficOptions {
  /** Unix milliseconds. */
  now(): number;
}

export function createTraffic({ now }: TrafficOptions): Traffic {
  const process: ProcessCounts = { ...newCounts(), read: 0, settled: 0 };
  const history = createHistory(process);
  const delays = createDelayHistory();
  const audiences = createAudienceHistories();
  const growth = createAudienceGrowth();
  const counted = new Map<string, Counting>();
  const lanes = new Map<string, CountingLane>();
  /** Days left by API, of each destination: one may call two, which end at different times. */
  const versions = new Map<string, Map<string, number>>();
  let lastDeliveredAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  function of(key: string): Counting {
    const known = counted.get(key);
    if (known !== undefined) return known;
    const counts = newCounts();
    const counting: Counting = {
      counts,
      ...(counted.size < mostHistories && { history: createHistory(counts) }),
      skipped: new Map(),
      setAside: new Map(),
      failures: new Map(),
      lastDeliveredAt: undefined,
    };
    counted.set(key, counting);
    return counting;
  }

  /** A subscription's counts, and its destination's. */
  function both(destination: string, subscription: string): readonly Counting[] {
    return [of(destination), of(subscriptionKey(destination, subscription))];
  }

  function laneOf(name: string): CountingLane {
    const known = lanes.get(name) ?? { retries: 0, throttles: 0, usagePercent: undefined, usageAt: 0 };
    // Those of audiences that events name come and go without number: the one that was told of last is the last.
    lanes.delete(name);
    lanes.set(name, known);
    const [oldest] = lanes.keys();
    if (lanes.size > mostLanes && oldest !== undefined) lanes.delete(oldest);
    return known;
  }

  function add(name: CountName, destination: string, subscription: string, count: number): readonly Counting[] {
    process[name] += count;
    const ofBoth = both(destination, subscription);
    for (const { counts } of ofBoth) counts[name] += count;
    return ofBoth;
  }

  function count(event: TelemetryEvent): void {
    switch (event.kind) {
      case 'records_read':
        process.read += event.count;
        return;
      case 'record_settled':
        process.settled += event.count;
        return;
      case 'matched':
        add('matched', event.destination, event.subscription, event.count);
        return;
      case 'sent':
        add('sent', event.destination, event.subscription, event.count);
        return;
      case 'delivered':
        lastDeliveredAt = now();
        for (const each of add('delivered', event.destination, event.subscription, event.count)) {
          each.lastDeliveredAt = lastDeliveredAt;
        }
        return;
      case 'skipped':
        for (const { skipped } of add('skipped', event.destination, event.subscription, event.count)) {
          addTo(skipped, event.reason, event.count);
        }
        return;
      case 'dead_letter':
        for (const { setAside } of add('setAside', event.destination, event.subscription, 1)) {
          addTo(setAside, event.code, 1);
        }
        return;
      case 'delays':
        delays.add(event.counts);
        return;
      case 'request_finished':
        if (event.failure !== undefined) addTo(of(event.destination).failures, event.failure.code, 1);
        return;
      case 'retry_scheduled':
        laneOf(event.lane).retries += 1;
        return;
      case 'lane_throttled':
        laneOf(event.lane).throttles += 1;
        return;
      case 'usage':
        Object.assign(laneOf(event.lane), { usagePercent: event.percent, usageAt: now() });
        return;
      case 'api_version':
        setDays(versions, event);
        return;
      default:
    }
  }

  function tick(changedAudiences: readonly AudienceCounted[]): void {
    history.tick();
    delays.tick();
    audiences.add(growth.since(changedAudiences));
    audiences.tick();
    for (const each of counted.values()) each.history?.tick();
  }

  return {
    process,
    history,
    delays,
    audiences,
    get lastDeliveredAt() {
      return lastDeliveredAt;
    },
    emit: count,
    destination: of,
    subscription: (destination, id) => of(subscriptionKey(destination, id)),
    lane(name) {
      const { retries = 0, throttles = 0, usagePercent, usageAt = 0 } = lanes.get(name) ?? {};
      return { retries, throttles, usagePercent: now() - usageAt < usageMillis ? usagePercent : undefined };
    },
    versionDaysLeft(destination) {
      const days = Math.min(...(versions.get(destination)?.values() ?? []), Number.POSITIVE_INFINITY);
      return Number.isFinite(days) ? days : undefined;
    },
    hear({ events, audiences: grown }) {
      for (const { event, times } of events) for (let time = 0; time < times; time += 1) count(event);
      audiences.add(grown);
    },
    start(changedAudiences) {
      if (timer !== undefined) return;
      const second = () => Math.floor(now() / secondMillis);
      let ticked = second();
      timer = setInterval(() => {
        // A timer is late by a little each time, which in a day comes to many minutes, and stands still while a machine sleeps.
        const due = Math.min(Math.max(second() - ticked, 1), mostMadeUp);
        for (let each = 0; each < due; each += 1) tick(changedAudiences());
        ticked = Math.max(ticked + due, second() - daySeconds);
      }, secondMillis);
      timer.unref();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}

function addTo(counts: Map<string, number>, name: string, count: number): void {
  const known = counts.get(name);
  if (known === undefined && counts.size >= mostNames) return;
  counts.set(name, (known ?? 0) + count);
}

type VersionEvent = Extract<TelemetryEvent, { readonly kind: 'api_version' }>;

/** What was said before is over, also where no end is known any more. */
function setDays(
  versions: Map<string, Map<string, number>>,
  { destination, api, daysLeft = Number.POSITIVE_INFINITY }: VersionEvent,
): void {
  const ofApis = versions.get(destination) ?? new Map<string, number>();
  versions.set(destination, ofApis.set(api, daysLeft));
}
