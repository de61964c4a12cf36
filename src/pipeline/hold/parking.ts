import type { PendingRecord } from '../../core/delivery.ts';
import type { ParkingPlace } from '../../core/parked.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { Source } from '../../core/source.ts';
import { partitionKey, type TopicPartition } from '../../core/record.ts';
import type { Destination } from '../../core/subscription.ts';
import type { Audiences } from '../audience/audiences.ts';
import type { Blockage } from '../lane/lane.ts';
import type { DestinationLane, Lanes } from '../lane/lanes.ts';
import type { Partition } from '../partition/partition.ts';
import {
  type Drain,
  type ParkingQueue,
  type ParkingQueueOptions,
  createParkingQueue,
  type QueuedWork,
} from './parking-queue.ts';
import { parkedFailure } from '../lane/parked-failure.ts';

export interface ParkingOptions {
  /** Absent: nothing can be parked, as with files. */
  readonly parkingPlace: ParkingPlace | undefined;
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

/** `on_blocked: park`: what stands between routing and the lanes of each destination. */
export interface Parking {
  /** Whether anything of the record may wait in a parking place: only then it must `enter`. */
  concerns(destination: string, pending: PendingRecord): boolean;
  /** Into its lanes, unless it must wait in the parking place or behind what comes back from there. */
  enter(passenger: QueuedWork): void;
  /** The passenger's end is known, or it was dropped. */
  ended(destination: string, pending: PendingRecord, key: object): void;
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
  /** Whether the destination asks for it, and has where. */
  parks(destination: Destination): boolean;
  /** Partitions went to another process. */
  purge(): void;
  stop(): void;
  idle(): boolean;
  /** Nothing waits in a parking place that is ours. */
  drained(): boolean;
  /** Records that wait in parking places, by destination. */
  parked(): ReadonlyMap<string, number>;
  abort(): void;
}

/** The lane of a destination's conversions; audiences have their own names. */
export const pixelLane = 'pixel';

interface OpenQueue extends ParkingQueue {
  readonly destination: string;
  readonly host: TopicPartition;
  readonly place: TopicPartition;
  /** The assignment of the host that its passengers came under; undefined: there was none. */
  epoch: number | undefined;
  /** None of its lanes was blocked when last looked at. */
  open: boolean;
}

export function createParking(options: ParkingOptions): Parking {
  const { parkingPlace, source, partitions, clock, telemetry } = options;
  const abortion = new AbortController();
  const lots = new Set<OpenQueue>();
  /** By destination, topic and partition; undefined: it has no place. Looked up for each delivery. */
  const byHost = new Map<string, Map<string, Map<number, OpenQueue | undefined>>>();
  /** Whose places the source keeps back. */
  const withheld = new Map<string, TopicPartition>();
  /** What waited for each destination when it was last told. */
  const toldBacklog = new Map<string, number>();
  /** Up to where a place was settled when it was last read. */
  const settledTo = new Map<string, number>();

  function lotOf(destination: string, { topic, partition }: TopicPartition): OpenQueue | undefined {
    const ofDestination = kept(byHost, destination, () => new Map<string, Map<number, OpenQueue | undefined>>());
    const ofTopic = kept(ofDestination, topic, () => new Map<number, OpenQueue | undefined>());
    if (!ofTopic.has(partition)) ofTopic.set(partition, opened(destination, { topic, partition }));
    return ofTopic.get(partition);
  }

  function opened(destination: string, host: TopicPartition): OpenQueue | undefined {
    const where = parkingPlace?.placeOf(destination, host);
    if (parkingPlace === undefined || where === undefined) return undefined;
    const { closeWithin } = options;
    const { signal } = abortion;
    const write: ParkingQueueOptions['write'] = (records) => parkingPlace.write(where, records);
    const own = createParkingQueue({ destination, host, clock, telemetry, signal, closeWithin, write });
    const made: OpenQueue = { ...own, destination, host, place: where, epoch: undefined, open: true };
    lots.add(made);
    return made;
  }

  const hostPartition = ({ host }: OpenQueue) => partitions.get(partitionKey(host));
  const placeKey = partitionKey;

  function drainOf({ place: where }: OpenQueue): Drain | undefined {
    const found = partitions.get(placeKey(where));
    if (found === undefined) return undefined;
    return { readTo: found.readTo, settledTo: found.tracker.watermark(), end: found.end ?? 0 };
  }

  /** Records in the place that are not settled. */
  function backlogOf(one: OpenQueue): number {
    const known = drainOf(one)?.settledTo ?? settledTo.get(placeKey(one.place)) ?? 0;
    settledTo.set(placeKey(one.place), known);
    return one.direct() ? 0 : Math.max(0, one.end() - known);
  }

  /** Records that come back are no passengers: they go straight into their lanes. */
  function lotOfPassenger(destination: string, pending: PendingRecord): OpenQueue | undefined {
    return parkingPlace === undefined || pending.parked !== undefined ? undefined : lotOf(destination, pending);
  }

  /** Lots of places that were assigned, though nothing came from their hosts so far. */
  function findLots(): void {
    for (const partition of partitions.values()) {
      const host = parkingPlace?.hostOf(partition);
      if (host !== undefined) lotOf(host.destination, host);
    }
  }

  /** A place is read only while what comes from it can be delivered, or one of them is to try. */
  function admit(ours: readonly OpenQueue[], blocked: ReadonlyMap<string, Blockage>): void {
    const shut = [...blocked].flatMap(([lane, { due }]) => (due === true ? [] : [lane]));
    let trying = [...blocked].flatMap(([lane, { due }]) => (due === true ? [lane] : []));
    for (const one of ours) {
      one.open = !one.uses(blocked.keys());
      const tries = one.uses(trying);
      const waits = one.uses(shut) || (!one.open && !tries);
      if (tries && !waits && backlogOf(one) > 0) trying = trying.filter((lane) => !one.uses([lane]));
      if (waits) withhold(one);
      else readmit(one);
    }
  }

  function withhold({ place: where }: OpenQueue): void {
    if (!partitions.has(placeKey(where)) || source.withhold === undefined) return;
    withheld.set(placeKey(where), where);
    source.withhold(where);
  }

  function readmit({ place: where }: OpenQueue): void {
    if (withheld.delete(placeKey(where)) && !partitions.has(placeKey(where))) source.readmit?.(where);
  }

  /** Those of the destination's lanes that are blocked. */
  function blockedOf(lane: DestinationLane, { audiences }: ParkedLanes): ReadonlyMap<string, Blockage> {
    const blockage = lane.blocked();
    const targets = audiences.blockedTargets(lane.name);
    return blockage === undefined ? targets : new Map([[pixelLane, blockage], ...targets]);
  }

  function parks({ name, settings }: Destination): boolean {
    return settings.onBlocked === 'park' && [...lots].some(({ destination }) => destination === name);
  }

  /** Those of the destination's lanes whose deliveries are to be parked. */
  function parksNow(
    lane: DestinationLane,
    ours: readonly OpenQueue[],
    blocked: ReadonlyMap<string, Blockage>,
    full: boolean,
  ): readonly string[] {
    if (!parks(lane.destination())) return [];
    return [...blocked].flatMap(([name, { due }]) =>
      due !== true && (full || ours.some((one) => one.uses([name]))) ? [name] : [],
    );
  }

  function rejectWaiting(lane: DestinationLane, { audiences }: ParkedLanes, lanes: readonly string[]): void {
    if (lanes.includes(pixelLane)) lane.rejectWaiting(parkedFailure);
    const notDue = ({ due }: Blockage) => due !== true;
    audiences.rejectWaiting(lane.destination(), notDue, () => parkedFailure);
  }

  /** Of a destination that was removed: what is parked is read, so that it can be set aside. */
  function letGo({ lanes }: ParkedLanes, full: boolean): void {
    const names = new Set(lanes.all().map(({ name }) => name));
    const left = [...lots].filter(({ destination }) => !names.has(destination));
    if (left.length === 0) return;
    admit(left, new Map());
    for (const one of left) one.check(drainOf(one), one.open, full);
  }

  function tellBacklogs(): void {
    const counts = parked();
    for (const destination of new Set([...toldBacklog.keys(), ...counts.keys()])) {
      const records = counts.get(destination) ?? 0;
      if (toldBacklog.get(destination) === records) continue;
      toldBacklog.set(destination, records);
      telemetry.emit({ kind: 'parked_records', destination, records });
    }
  }

  function parked(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const one of lots) {
      counts.set(one.destination, (counts.get(one.destination) ?? 0) + backlogOf(one));
    }
    return counts;
  }
  return {
    concerns: (destination, pending) => lotOfPassenger(destination, pending) !== undefined,
    enter(passenger) {
      const one = lotOfPassenger(passenger.destination, passenger.pending);
      if (one === undefined) {
        passenger.go();
        return;
      }
      one.epoch ??= hostPartition(one)?.epoch;
      if (!one.direct()) one.check(drainOf(one), one.open, false);
      one.enter(passenger);
    },
    ended: (destination, pending, key) => lotOfPassenger(destination, pending)?.ended(key),
    sentBack: (destination, pending, key, lanes, then) =>
      lotOfPassenger(destination, pending)?.sentBack(key, lanes, then) ?? false,
    tick(watched, full) {
      if (parkingPlace === undefined) return;
      findLots();
      for (const lane of watched.lanes.all()) {
        const ours = [...lots].filter(({ destination }) => destination === lane.name);
        if (ours.length === 0) continue;
        const blocked = blockedOf(lane, watched);
        const parks = parksNow(lane, ours, blocked, full);
        for (const one of parks.length > 0 ? ours : []) one.park(parks);
        admit(ours, blocked);
        // After that, so that what has come back is dropped, to come back again, and isn't parked a second time.
        if (parks.length > 0) rejectWaiting(lane, watched, parks);
        for (const one of ours) one.check(drainOf(one), one.open, full);
      }
      letGo(watched, full);
      tellBacklogs();
    },
    purge() {
      for (const one of lots) {
        one.purge();
        if (one.epoch === undefined || hostPartition(one)?.epoch === one.epoch) continue;
        lots.delete(one);
        byHost.get(one.destination)?.get(one.host.topic)?.delete(one.host.partition);
      }
    },
    stop() {
      for (const one of lots) one.stop();
    },
    idle: () => [...lots].every((one) => one.idle()),
    drained: () => [...lots].every((one) => one.direct()),
    parks,
    parked,
    abort: () => abortion.abort(),
  };
}

function kept<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
