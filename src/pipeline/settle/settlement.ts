import type { Delivery, PendingRecord } from '../../core/delivery.ts';
import type { DeadLetter } from '../../core/dead-letter.ts';
import type { Failure, FinalOutcome } from '../../core/outcome.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { Destination } from '../../core/subscription.ts';
import { targetKey } from '../../core/audience.ts';
import type { AudienceWork } from '../route/audience-work.ts';
import type { DeadLetterWriter } from './dead-letter-writer.ts';
import type { Backpressure } from '../partition/backpressure.ts';
import { defaultRejectionRate } from '../hold/rejection-rate.ts';
import { createLaneHalts } from '../hold/lane-halts.ts';
import type { Blockage } from '../lane/lane.ts';
import type { DestinationLane } from '../lane/lanes.ts';
import { parkedCode } from '../lane/parked-failure.ts';
import { type Parking, pixelLane } from '../hold/parking.ts';
import { subscriptionKey } from '../../core/subscription-key.ts';
import type { RejectedDelivery } from '../lane/rejection-report.ts';
import type { EventCounts } from '../route/event-counts.ts';
import { type HeldItem, type CircuitBreaker, createCircuitBreaker } from '../hold/circuit-breaker.ts';

export interface SettlementOptions {
  readonly deadLetterWriter: DeadLetterWriter;
  readonly backpressure: Backpressure;
  readonly parking: Pick<Parking, 'concerns' | 'enter' | 'ended' | 'sentBack'>;
  readonly eventCounts: EventCounts;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Not for a replay, whose records were rejected before. */
  readonly watchesRejections: boolean;
  /** Of a record that comes back: the entries that it is about (`entriesText`). What fails of it fails for those only. */
  entries?(record: SourceRecord): string | undefined;
}

/** How deliveries end: settled, or set aside first; or kept until a person has looked at why so many are rejected. */
export interface Settlement {
  /** These are the destinations from now on. Whatever is kept goes, and fuses count anew. */
  configure(destinations: readonly Destination[]): void;
  /** A delivery comes from the router: to its lane, unless its subscription waits. */
  deliver(lane: DestinationLane, delivery: Delivery): void;
  /** A record, or a subscription's part of it, is set aside before anything was sent. */
  setAside(letter: DeadLetter, pending: PendingRecord): void;
  /** A batch was sent to its end. */
  settled(lane: DestinationLane, deliveries: readonly Delivery[], outcomes: readonly FinalOutcome[]): void;
  /** Changes of audiences come from the router: they go on, unless their subscription waits. */
  admit(work: AudienceWork, go: () => void): void;
  /** As `AudiencesOptions.done`. False: what was to be parked can't be, and must be done again. */
  changed(work: AudienceWork, failure: Failure | undefined, parked: readonly string[]): boolean;
  /** A delivery of a partition that went to another process. */
  dropped(delivery: Delivery): void;
  /** Drops what is kept for partitions that went to another process. */
  purge(): void;
  /** Ends what is kept of these records: letters are written, all else becomes one, for this reason. */
  rejectHeld(which: (record: SourceRecord) => boolean, failure: Failure): void;
  /** Lets everything go that is kept. */
  resume(): void;
  /** Deliveries and letters that are kept. */
  held(): number;
  /** What waits for a person, by lane or subscription. */
  blockages(): readonly (Blockage & { readonly lane: string })[];
  close(): void;
}

/** Rejections that say nothing about the mapping or the data. */
const uncounted: ReadonlySet<string> = new Set([
  'EVENT_TOO_OLD',
  'AMBIGUOUS_TOO_OLD',
  'ABANDONED',
  'LANE_BLOCKED',
  'RETENTION',
  'SUBSCRIPTION_REMOVED',
  parkedCode,
]);

const pixelLanes = [pixelLane];

export function createSettlement(options: SettlementOptions): Settlement {
  const { deadLetterWriter, backpressure, parking, eventCounts, clock, telemetry } = options;
  const valves = new Map<string, CircuitBreaker>();
  const stopped = createLaneHalts(clock, telemetry);

  function release(delivery: Delivery): void {
    backpressure.release(delivery.bytes);
    delivery.pending.release(subscriptionKey(delivery.destination, delivery.subscription));
  }

  function enter(lane: DestinationLane, delivery: Delivery): void {
    const { destination, subscription, pending } = delivery;
    if (parking.concerns(destination, pending)) {
      const leave = () => release(delivery);
      parking.enter({
        ...{ key: delivery, destination, subscription, pending, lanes: pixelLanes },
        go: () => lane.offer(delivery),
        parked: leave,
        drop: leave,
      });
    } else lane.offer(delivery);
  }

  function write(given: DeadLetter, pending: PendingRecord): void {
    const entries = given.failure.entries ?? options.entries?.(given.record);
    const letter = entries === undefined ? given : { ...given, failure: { ...given.failure, entries } };
    const { destination = '', subscription = '', failure } = letter;
    const field = failure.field === undefined ? {} : { field: failure.field };
    telemetry.emit({ kind: 'dead_letter', destination, subscription, code: failure.code, ...field });
    deadLetterWriter.add(letter, pending, () => pending.release(subscriptionKey(destination, subscription)));
  }

  function heldLetter(letter: DeadLetter, pending: PendingRecord): HeldItem {
    const key = subscriptionKey(letter.destination, letter.subscription);
    return { pending, isLetter: true, go: () => write(letter, pending), drop: () => pending.release(key) };
  }

  function setAside(letter: DeadLetter, pending: PendingRecord, by: 'rejected' | 'refused'): void {
    const ofSubscription = valves.get(subscriptionKey(letter.destination, letter.subscription));
    if (ofSubscription === undefined || uncounted.has(letter.failure.code)) write(letter, pending);
    else ofSubscription[by](heldLetter(letter, pending));
  }

  /** The delivery is rejected, and its bytes are given back. */
  function letterOf(
    delivery: Delivery,
    { failure, attempts = 1 }: Pick<Rejection, 'failure' | 'attempts'>,
  ): DeadLetter {
    const { destination, subscription, action, pending, eventId } = delivery;
    const id = eventId === undefined ? {} : { eventId };
    return { record: pending.record, failure, destination, subscription, action, ...id, attempts, at: clock.now() };
  }

  function isDropped(destination: Destination, failure: Failure): boolean {
    return failure.code === 'EVENT_TOO_OLD' && destination.settings.tooOld === 'drop';
  }

  function reject(
    destination: Destination,
    delivery: Delivery,
    outcome: Rejection,
    into: HeldItem[] | undefined,
  ): void {
    if (delivery.pending.abandoned || isDropped(destination, outcome.failure)) {
      const { destination: name, subscription, pending } = delivery;
      if (!pending.abandoned) eventCounts.skipped({ destination: name, subscription, reason: 'too_old' });
      release(delivery);
      return;
    }
    backpressure.release(delivery.bytes);
    const letter = letterOf(delivery, outcome);
    if (into === undefined || uncounted.has(outcome.failure.code)) setAside(letter, delivery.pending, 'refused');
    else into.push(heldLetter(letter, delivery.pending));
  }

  function waitingPlace(lane: DestinationLane, rejected: readonly RejectedDelivery[]): HeldItem[] | undefined {
    return stopped.review(
      lane,
      rejected.filter(({ failure }) => !uncounted.has(failure.code)),
    );
  }

  function deliveredOne(delivery: Delivery): void {
    const { destination, subscription, action } = delivery;
    eventCounts.delivered({ destination, subscription, action });
    valves.get(subscriptionKey(destination, subscription))?.delivered();
    release(delivery);
  }

  function refuse({ destination, subscription, pending }: AudienceWork, failure: Failure): void {
    const names = { destination: destination.name, subscription: subscription.id, action: subscription.action.key };
    setAside({ record: pending.record, failure, ...names, at: clock.now() }, pending, 'refused');
  }

  function resume(): void {
    for (const one of valves.values()) one.close();
    stopped.resume();
  }

  return {
    configure(destinations) {
      resume();
      for (const one of valves.values()) one.stop();
      valves.clear();
      for (const { name, settings, subscriptions } of options.watchesRejections ? destinations : []) {
        const fuse = settings.fuse ?? defaultRejectionRate;
        if (fuse === false) continue;
        for (const { id } of subscriptions) {
          const key = subscriptionKey(name, id);
          valves.set(key, createCircuitBreaker({ key, settings: fuse, clock, telemetry }));
        }
      }
    },
    deliver(lane, delivery) {
      backpressure.acquire(delivery.bytes);
      const { destination, subscription, pending } = delivery;
      const ofSubscription = valves.get(subscriptionKey(destination, subscription));
      if (ofSubscription === undefined || ofSubscription.tryAcquire()) enter(lane, delivery);
      else {
        const go = () => enter(lane, delivery);
        const setAside = (failure: Failure) => {
          backpressure.release(delivery.bytes);
          write(letterOf(delivery, { failure, attempts: 0 }), pending);
        };
        ofSubscription.submit({ pending, isLetter: false, go, drop: () => release(delivery), setAside });
      }
    },
    setAside: (letter, pending) => setAside(letter, pending, 'rejected'),
    settled(lane, deliveries, outcomes) {
      const rejected = rejectedOf(deliveries, outcomes);
      const into = rejected.length === 0 ? undefined : waitingPlace(lane, rejected);
      for (const [place, delivery] of deliveries.entries()) {
        const outcome = outcomes[place];
        const parks = outcome?.kind === 'rejected' && outcome.failure.code === parkedCode;
        if (parks && !delivery.pending.abandoned) {
          // What comes back from the parking place isn't parked again.
          if (!parking.sentBack(delivery.destination, delivery.pending, delivery)) lane.offer(delivery);
          continue;
        }
        parking.ended(delivery.destination, delivery.pending, delivery);
        if (outcome?.kind === 'rejected') reject(lane.destination(), delivery, outcome, into);
        else deliveredOne(delivery);
      }
      eventCounts.flush();
    },
    admit(work, start) {
      const { destination, subscription, updates, pending } = work;
      const key = subscriptionKey(destination.name, subscription.id);
      const gate = valves.get(key);
      const leave = () => pending.release(key);
      const go = () =>
        parking.enter({
          ...{ key: work, destination: destination.name, subscription: subscription.id, pending },
          lanes: updates.map(({ target }) => targetKey(target)),
          go: start,
          parked: leave,
          drop: leave,
        });
      if (gate?.blockage() === undefined) go();
      else {
        const refused = (failure: Failure) => refuse(work, failure);
        gate.submit({ pending, isLetter: false, go, drop: leave, setAside: refused });
      }
    },
    changed(work, failure, targets) {
      const { destination, subscription, pending } = work;
      const key = subscriptionKey(destination.name, subscription.id);
      if (targets.length > 0 && !pending.abandoned) {
        const parts = targets.length < work.updates.length ? targets : undefined;
        const rest = failure === undefined ? undefined : () => refuse(work, failure);
        return parking.sentBack(destination.name, pending, work, parts, rest);
      }
      parking.ended(destination.name, pending, work);
      if (failure === undefined || pending.abandoned) {
        if (!pending.abandoned) valves.get(key)?.delivered();
        pending.release(key);
      } else refuse(work, failure);
      return true;
    },
    dropped(delivery) {
      parking.ended(delivery.destination, delivery.pending, delivery);
      release(delivery);
    },
    rejectHeld(which, failure) {
      for (const one of valves.values()) one.rejectHeld(which, failure);
      stopped.rejectHeld(which);
    },
    purge() {
      for (const one of valves.values()) one.purge();
      stopped.purge();
    },
    resume,
    held: () => [...valves.values()].reduce((sum, one) => sum + one.held(), stopped.held()),
    blockages: () => [
      ...[...valves].flatMap(([lane, one]) => {
        const shut = one.blockage();
        return shut === undefined ? [] : [{ lane, ...shut }];
      }),
      ...stopped.blockages(),
    ],
    close() {
      for (const one of valves.values()) one.stop();
    },
  };
}

function rejectedOf(deliveries: readonly Delivery[], outcomes: readonly FinalOutcome[]): readonly RejectedDelivery[] {
  const rejected: RejectedDelivery[] = [];
  for (const [place, delivery] of deliveries.entries()) {
    const outcome = outcomes[place];
    if (outcome?.kind === 'rejected') rejected.push({ delivery, failure: outcome.failure });
  }
  return rejected;
}

type Rejection = Extract<FinalOutcome, { kind: 'rejected' }>;
