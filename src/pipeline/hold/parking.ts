import type { PendingRecord } from '../../core/delivery.ts';
import type { ParkingStore } from '../../core/parked.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { Source } from '../../core/source.ts';
import type { Destination } from '../../core/subscription.ts';
import type { Audiences } from '../audience/audiences.ts';
import type { Blockage } from '../lane/lane.ts';
import type { DestinationLane, Lanes } from '../lane/lanes.ts';
import { parkedFailure } from '../lane/parked-failure.ts';
import { tooManyRejectedCode } from '../lane/rejection-halt.ts';
import type { Partition } from '../partition/partition.ts';
import type { QueuedWork } from './parking-queue.ts';
import { createParkingQueues, type OpenQueue } from './parking-queues.ts';
import { createWithholding } from './withholding.ts';

export interface ParkingOptions {
  /** Absent: nothing can be parked, as with files. */
  readonly parkingStore: ParkingStore | undefined;
  readonly source: Pick<Source, 'withhold' | 'readmit'>;
  readonly partitions: ReadonlyMap<string, Partition>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** As `ParkingQueueOptions.closeWithin`. */
  readonly closeWithin: number;
}

/** The lanes that are watched. They are made after the parking, which stands before them. */
export interface ParkedLanes {
  readonly lanes: Pick<Lanes, 'all'>;
  readonly audiences: Pick<Audiences, 'rejectWaiting' | 'blockedTargets'>;
}

/** `on_blocked: park`: what stands between the router and the lanes of each destination. */
export interface Parking {
  /** Whether anything of the record may wait in a parking partition: only then it must `enter`. */
  concerns(destination: string, pending: PendingRecord): boolean;
  /** Into its lanes, unless it must wait in the parking partition or behind what comes back from there. */
  enter(work: QueuedWork): void;
  /** The end of the work is known, or it was dropped. */
  ended(destination: string, pending: PendingRecord, key: object): void;
  /** Whether `sentBack` would take the work. */
  has(destination: string, pending: PendingRecord, key: object): boolean;
  /** As `ParkingQueue.sentBack`. */
  sentBack(
    destination: string,
    pending: PendingRecord,
    key: object,
    lanes?: readonly string[],
    then?: () => void,
  ): boolean;
  /** To be called about once a second. `full`: as much is in flight as may be. */
  tick(watched: ParkedLanes, full: boolean): void;
  /** Whether the destination asks for it, and has somewhere to park. */
  parks(destination: Destination): boolean;
  /** Partitions went to another process. */
  purge(): void;
  stop(): void;
  idle(): boolean;
  /** Nothing waits in a parking partition that is ours. */
  drained(): boolean;
  /** Records that wait in parking partitions, by destination. */
  parked(): ReadonlyMap<string, number>;
  /** Why nothing can be written to parking partitions, by destination. */
  failing(): ReadonlyMap<string, string>;
  abort(): void;
}

/** The lane of a destination's conversions; audiences have their own names. */
export const pixelLane = 'pixel';

export function createParking(options: ParkingOptions): Parking {
  const { parkingStore, source, partitions, telemetry } = options;
  const abortion = new AbortController();
  const queues = createParkingQueues({ ...options, signal: abortion.signal });
  const withholding = createWithholding(source, partitions, queues);
  /** What waited for each destination when it was last reported. */
  const reported = new Map<string, number>();

  function parks({ name, settings }: Destination): boolean {
    return settings.onBlocked === 'park' && queues.all().some(({ destination }) => destination === name);
  }

  /** Those of the destination's lanes whose deliveries are to be parked. */
  function lanesToPark(
    lane: DestinationLane,
    ours: readonly OpenQueue[],
    blocked: ReadonlyMap<string, Blockage>,
    full: boolean,
  ): readonly string[] {
    if (!parks(lane.destination())) return [];
    return [...blocked].flatMap(([name, blockage]) =>
      isToPark(blockage) && (full || ours.some((queue) => queue.uses([name]))) ? [name] : [],
    );
  }

  function tickLane(lane: DestinationLane, watched: ParkedLanes, full: boolean): void {
    const ours = queues.all().filter(({ destination }) => destination === lane.name);
    if (ours.length === 0) return;
    const blocked = blockedOf(lane, watched);
    const toPark = lanesToPark(lane, ours, blocked, full);
    if (toPark.length > 0) for (const queue of ours) queue.park(toPark);
    withholding.update(ours, blocked);
    // After that, so that what has come back is dropped, to come back again, and isn't parked a second time.
    if (toPark.length > 0) rejectWaiting(lane, watched, toPark);
    for (const queue of ours) queues.check(queue, full);
  }

  /** Of a destination that was removed: what is parked is read, so that it can be set aside. */
  function tickRemoved({ lanes }: ParkedLanes, full: boolean): void {
    const names = new Set(lanes.all().map(({ name }) => name));
    const left = queues.all().filter(({ destination }) => !names.has(destination));
    if (left.length === 0) return;
    withholding.update(left, new Map());
    for (const queue of left) queues.check(queue, full);
  }

  function parked(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const queue of queues.all()) {
      counts.set(queue.destination, (counts.get(queue.destination) ?? 0) + queues.backlogOf(queue));
    }
    return counts;
  }

  function report(): void {
    const counts = parked();
    for (const destination of new Set([...reported.keys(), ...counts.keys()])) {
      const records = counts.get(destination) ?? 0;
      if (reported.get(destination) === records) continue;
      reported.set(destination, records);
      telemetry.emit({ kind: 'parked_records', destination, records });
    }
  }

  return {
    concerns: (destination, pending) => queues.of(destination, pending) !== undefined,
    enter(work) {
      const queue = queues.of(work.destination, work.pending);
      if (queue === undefined) {
        work.go();
        return;
      }
      queues.prepare(queue);
      queue.enter(work);
    },
    ended: (destination, pending, key) => queues.known(destination, pending)?.ended(key),
    has: (destination, pending, key) => queues.known(destination, pending)?.has(key) ?? false,
    sentBack: (destination, pending, key, lanes, then) =>
      queues.known(destination, pending)?.sentBack(key, lanes, then) ?? false,
    tick(watched, full) {
      if (parkingStore === undefined) return;
      queues.discover();
      for (const lane of watched.lanes.all()) tickLane(lane, watched, full);
      tickRemoved(watched, full);
      report();
    },
    purge: queues.purge,
    stop() {
      for (const queue of queues.all()) queue.stop();
    },
    idle: () => queues.all().every((queue) => queue.idle()),
    drained: () => queues.all().every((queue) => queue.direct()),
    parks,
    parked,
    failing() {
      const failures = new Map<string, string>();
      for (const queue of queues.all()) {
        const failure = queue.failing();
        if (failure !== undefined) failures.set(queue.destination, failure);
      }
      return failures;
    },
    abort: () => abortion.abort(),
  };
}

/** No request is about to try, and it isn't `max_rejected_per_batch`: what that has stopped waits for a person, in its place. */
function isToPark({ due, failure }: Blockage): boolean {
  return due !== true && failure.code !== tooManyRejectedCode;
}

/** Those of the destination's lanes that are blocked. */
function blockedOf(lane: DestinationLane, { audiences }: ParkedLanes): ReadonlyMap<string, Blockage> {
  const blockage = lane.blocked();
  const targets = audiences.blockedTargets(lane.name);
  return blockage === undefined ? targets : new Map([[pixelLane, blockage], ...targets]);
}

/** What waits in these lanes is sent back, to be parked. */
function rejectWaiting(lane: DestinationLane, { audiences }: ParkedLanes, lanes: readonly string[]): void {
  if (lanes.includes(pixelLane)) lane.rejectWaiting(parkedFailure);
  audiences.rejectWaiting(lane.destination(), isToPark, () => parkedFailure);
}
