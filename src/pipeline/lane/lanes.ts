import type { Delivery } from '../../core/delivery.ts';
import { type LaneStatus, pausedByPerson } from '../../core/lane-state.ts';
import type { Failure, FinalOutcome } from '../../core/outcome.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { Destination } from '../../core/subscription.ts';
import type { Rejected } from './rejection-report.ts';
import { type Blockage, type Lane, type LaneSink, createLane } from './lane.ts';

/** The lane of one destination's pixel. It outlives the configuration that it was made for. */
export interface DestinationLane extends Lane {
  /** As it is configured now, with this lane's pixel; of a removed one, as it was last. */
  destination(): Destination;
}

export interface LanesOptions {
  /** `destination`: as it is configured at the moment of the call. */
  sinkFor(destination: () => Destination): LaneSink;
  /** Requests under way at once in one lane. */
  readonly concurrency: number;
  /** Where the destination says nothing. */
  readonly lingerMillis: number;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  rejectedEarly(destination: string): readonly Rejected[];
  settled(
    lane: DestinationLane,
    deliveries: readonly Delivery[],
    outcomes: readonly FinalOutcome[],
    early: readonly Rejected[],
  ): void;
  dropped(delivery: Delivery): void;
  failed(error: unknown): void;
}

/**
 * The lanes of all destinations, and of those that were: a lane whose destination was removed, or has got another
 * pixel, takes nothing new and closes once it is idle.
 */
export interface Lanes {
  /**
   * These are the destinations from now on. One that keeps its name and pixel keeps its lane, with what waits in it and
   * the state of its gate; all else of its settings is the newest.
   */
  configure(destinations: readonly Destination[]): void;
  /** Closes the lanes that are done with. To be called about once a second. */
  sweep(): void;
  /** Undefined: the destination is no longer one of them. */
  of(destination: Destination): DestinationLane | undefined;
  all(): readonly DestinationLane[];
  every(holds: (lane: DestinationLane) => boolean): boolean;
  /** Deliveries in all of them. */
  size(): number;
  blockages(): readonly (Blockage & { readonly lane: string })[];
  statuses(): readonly LaneStatus[];
}

interface OpenLane extends DestinationLane {
  configure(destination: Destination): void;
}

export function createLanes(options: LanesOptions): Lanes {
  /** By the destination itself: one is looked up for each delivery. */
  let taking = new Map<Destination, OpenLane>();
  let leaving: OpenLane[] = [];
  const all = () => [...taking.values(), ...leaving];

  function open(first: Destination): OpenLane {
    let destination = first;
    const current = () => destination;
    const { concurrency, clock, telemetry, dropped, failed } = options;
    let closed = false;
    const lane = createLane({
      name: first.name,
      destination: first.name,
      sink: options.sinkFor(current),
      concurrency,
      get maxCount() {
        return destination.settings.batch.maxEvents;
      },
      get maxBytes() {
        return destination.settings.batch.maxBytes;
      },
      get lingerMillis() {
        return destination.settings.batch.lingerMillis ?? options.lingerMillis;
      },
      get idleLingerMillis() {
        return destination.settings.batch.idleLingerMillis ?? Number.POSITIVE_INFINITY;
      },
      clock,
      telemetry,
      rejectedEarly: () => options.rejectedEarly(first.name),
      settled: (...batch) => options.settled(opened, ...batch),
      dropped,
      failed,
    });
    const opened: OpenLane = {
      ...lane,
      destination: current,
      offer: (delivery) => (closed ? successorOf(destination) : lane).offer(delivery),
      close() {
        closed = true;
        lane.close();
      },
      configure(next) {
        const { pixelId: _, ...settings } = next.settings;
        const { pixelId } = first.settings;
        destination = { ...next, settings: { ...settings, ...(pixelId !== undefined && { pixelId }) } };
      },
    };
    return opened;
  }

  /** For what was held in front of a lane until that had closed. */
  function successorOf(destination: Destination): DestinationLane {
    const key = pixelKey(destination);
    const found = all().find((lane) => pixelKey(lane.destination()) === key);
    if (found !== undefined) return found;
    const again = open(destination);
    leaving.push(again);
    return again;
  }

  function sweep(): void {
    for (const lane of leaving) {
      const { settings } = lane.destination();
      const blockage = lane.blocked();
      // What a person has paused waits for that person.
      if (blockage === undefined || blockage.failure.code === pausedByPerson.code) continue;
      lane.rejectWaiting(pixelReplaced(settings.pixelId));
    }
    const idle = leaving.filter((lane) => lane.idle());
    if (idle.length === 0) return;
    leaving = leaving.filter((lane) => !idle.includes(lane));
    for (const lane of idle) {
      const wasBlocked = lane.blocked() !== undefined;
      lane.close();
      const another = all().some(({ name, blocked }) => name === lane.name && blocked() !== undefined);
      if (wasBlocked && !another) options.telemetry.emit({ kind: 'lane_opened', lane: lane.name });
    }
  }

  return {
    configure(destinations) {
      const before = new Map([...taking].map(([destination, lane]) => [pixelKey(destination), lane]));
      taking = new Map(
        destinations.map((destination) => [destination, before.get(pixelKey(destination)) ?? open(destination)]),
      );
      const kept = new Set(taking.values());
      leaving.push(...[...before.values()].filter((lane) => !kept.has(lane)));
      const newest = new Map(destinations.map((destination) => [destination.name, destination]));
      for (const lane of all()) lane.configure(newest.get(lane.name) ?? lane.destination());
    },
    sweep,
    of: (destination) => taking.get(destination),
    all,
    every: (holds) => all().every(holds),
    size: () => all().reduce((sum, lane) => sum + lane.size(), 0),
    blockages: () =>
      all().flatMap((lane) => {
        const blockage = lane.blocked();
        return blockage === undefined ? [] : [{ lane: lane.name, ...blockage }];
      }),
    statuses: () =>
      all().map((lane) => ({
        lane: lane.name,
        kind: 'conversions',
        destination: lane.destination().name,
        waiting: lane.size(),
        ...lane.state(),
      })),
  };
}

function pixelKey({ name, settings }: Destination): string {
  return `${name}/${settings.pixelId ?? ''}`;
}

function pixelReplaced(pixelId = ''): Failure {
  return {
    code: 'SUBSCRIPTION_REMOVED',
    message: `The destination has got another pixel, and what waited for pixel ${pixelId} could not be sent.`,
    fix: 'Replay these dead letters: they go to the pixel that the destination has now.',
  };
}
