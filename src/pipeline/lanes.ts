import type { Delivery } from '../core/delivery.ts';
import type { FinalOutcome } from '../core/outcome.ts';
import type { Telemetry } from '../core/ports.ts';
import type { Destination } from '../core/subscription.ts';
import { type Blockage, type Lane, type LaneSink, lane } from './lane.ts';

/** The lane of one destination's pixel. It outlives the configuration that it was made for. */
export interface DestinationLane extends Lane {
  /** As it is configured now. */
  destination(): Destination;
}

export interface LanesOptions {
  readonly destinations: readonly Destination[];
  /** `destination`: as it is configured at the moment of the call. */
  sinkFor(destination: () => Destination): LaneSink;
  /** Requests under way at once in one lane. */
  readonly concurrency: number;
  /** Where the destination says nothing. */
  readonly lingerMillis: number;
  readonly telemetry: Telemetry;
  settled(lane: DestinationLane, deliveries: readonly Delivery[], outcomes: readonly FinalOutcome[]): void;
  dropped(delivery: Delivery): void;
  failed(error: unknown): void;
}

/** The lanes of all destinations that send conversions. */
export interface Lanes {
  /** Undefined: the destination is not, or no longer, one of them. */
  of(destination: Destination): DestinationLane | undefined;
  all(): readonly DestinationLane[];
  every(holds: (lane: DestinationLane) => boolean): boolean;
  /** Deliveries in all of them. */
  size(): number;
  blockages(): readonly (Blockage & { readonly lane: string })[];
}

export function lanes(options: LanesOptions): Lanes {
  const list = new Map<string, DestinationLane>();

  function open(destination: Destination): void {
    const { batch } = destination.settings;
    const current = () => destination;
    const { concurrency, telemetry, dropped, failed } = options;
    const opened: DestinationLane = {
      ...lane({
        name: destination.name,
        destination: destination.name,
        sink: options.sinkFor(current),
        concurrency,
        maxCount: batch.maxEvents,
        maxBytes: batch.maxBytes,
        lingerMillis: batch.lingerMillis ?? options.lingerMillis,
        telemetry,
        settled: (deliveries, outcomes) => options.settled(opened, deliveries, outcomes),
        dropped,
        failed,
      }),
      destination: current,
    };
    list.set(destination.name, opened);
  }

  for (const destination of options.destinations) open(destination);

  return {
    of: ({ name }) => list.get(name),
    all: () => [...list.values()],
    every: (holds) => [...list.values()].every(holds),
    size: () => [...list.values()].reduce((sum, one) => sum + one.size(), 0),
    blockages: () =>
      [...list.values()].flatMap((one) => {
        const blockage = one.blocked();
        return blockage === undefined ? [] : [{ lane: one.name, ...blockage }];
      }),
  };
}
