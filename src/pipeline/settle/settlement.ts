import type { DeadLetter } from '../../core/dead-letter.ts';
import type { Delivery } from '../../core/delivery.ts';
import type { Failure, FinalOutcome } from '../../core/outcome.ts';
import type { Clock } from '../../core/ports.ts';
import type { Destination } from '../../core/subscription.ts';
import { subscriptionKey } from '../../core/subscription-key.ts';
import { costOf, releaseDelivery } from '../hold/admission.ts';
import type { CircuitBreakers } from '../hold/circuit-breakers.ts';
import type { HeldItem } from '../hold/held-work.ts';
import type { LaneHalts } from '../hold/lane-halts.ts';
import type { Parking } from '../hold/parking.ts';
import type { LanesOptions } from '../lane/lanes.ts';
import { parkedCode } from '../lane/parked-failure.ts';
import { isCounted, type RejectedDelivery, rejectedDelivery } from '../lane/rejection-report.ts';
import type { Backpressure } from '../partition/backpressure.ts';
import type { AudienceWork, ParkedTargets } from '../route/audience-work.ts';
import type { EventCounts } from '../route/event-counts.ts';
import type { Delays } from './delays.ts';
import type { SetAside } from './set-aside.ts';

export interface SettlementOptions {
  readonly setAside: SetAside;
  readonly breakers: Pick<CircuitBreakers, 'of'>;
  readonly halts: Pick<LaneHalts, 'review'>;
  readonly backpressure: Backpressure;
  readonly parking: Pick<Parking, 'ended' | 'sentBack'>;
  readonly eventCounts: EventCounts;
  readonly delays: Pick<Delays, 'delivered'>;
  readonly clock: Clock;
}

/** How deliveries end: settled, or set aside as dead letters first. */
export interface Settlement {
  /** A batch was sent to its end. */
  readonly settled: LanesOptions['settled'];
  /** As `AudiencesOptions.done`. */
  changed(work: AudienceWork, failure: Failure | undefined, parked: ParkedTargets): void;
  /** A delivery of a partition that went to another process. */
  dropped(delivery: Delivery): void;
  /** A delivery that was never sent becomes a dead letter. */
  rejectDelivery(delivery: Delivery, failure: Failure): void;
  /** Changes of audiences become a dead letter. */
  rejectWork(work: AudienceWork, failure: Failure): void;
}

export function createSettlement(options: SettlementOptions): Settlement {
  const { setAside, breakers, halts, backpressure, parking, eventCounts, delays, clock } = options;

  function deadLetterOf(delivery: Delivery, failure: Failure, attempts: number): DeadLetter {
    const { destination, subscription, action, pending, eventId } = delivery;
    const id = eventId === undefined ? {} : { eventId };
    return { record: pending.record, failure, destination, subscription, action, ...id, attempts, at: clock.now() };
  }

  function reject(
    destination: Destination,
    delivery: Delivery,
    { failure, attempts = 1 }: Rejection,
    held: HeldItem[] | undefined,
  ): void {
    const { subscription, pending } = delivery;
    if (pending.abandoned || isDropped(destination, failure)) {
      if (!pending.abandoned) eventCounts.skipped({ destination: destination.name, subscription, reason: 'too_old' });
      releaseDelivery(delivery, backpressure);
      return;
    }
    backpressure.release(costOf(delivery));
    const deadLetter = deadLetterOf(delivery, failure, attempts);
    if (held === undefined || !isCounted(failure)) setAside.refused(deadLetter, pending, delivery);
    else held.push(setAside.held(deadLetter, pending));
  }

  function delivered(delivery: Delivery, now: number): void {
    const { destination, subscription, action } = delivery;
    delays.delivered(destination, delivery.pending.timestamp, now);
    eventCounts.delivered({ destination, subscription, action });
    breakers.of(destination, subscription)?.delivered(delivery.pending);
    releaseDelivery(delivery, backpressure);
  }

  function rejectWork(work: AudienceWork, failure: Failure): void {
    const { destination, subscription, pending } = work;
    const names = { destination: destination.name, subscription: subscription.id, action: subscription.action.key };
    setAside.refused({ record: pending.record, failure, ...names, at: clock.now() }, pending, work);
  }

  /** False: it can't be parked, since it comes back from the parking partition. */
  function parkAgain(delivery: Delivery): boolean {
    return parking.sentBack(delivery.destination, delivery.pending, delivery);
  }

  return {
    settled(lane, deliveries, outcomes, early) {
      const rejected = rejectedOf(deliveries, outcomes);
      const counted = rejected.filter(counts).map(rejectedDelivery);
      const held =
        rejected.length === 0 ? undefined : halts.review(lane, counted.length === 0 ? [] : [...counted, ...early]);
      const now = clock.now();
      for (const [index, delivery] of deliveries.entries()) {
        const outcome = outcomes[index];
        const parks = outcome?.kind === 'rejected' && outcome.failure.code === parkedCode;
        if (parks && !delivery.pending.abandoned) {
          if (!parkAgain(delivery)) lane.offer(delivery);
          continue;
        }
        parking.ended(delivery.destination, delivery.pending, delivery);
        if (outcome?.kind === 'rejected') reject(lane.destination(), delivery, outcome, held);
        else delivered(delivery, now);
      }
      eventCounts.flush();
    },
    changed(work, failure, parked) {
      const { destination, subscription, pending } = work;
      if (parked.length > 0 && !pending.abandoned) {
        const lanes = parked === 'all' ? undefined : parked;
        const rest = failure === undefined ? undefined : () => rejectWork(work, failure);
        const isParked = parking.sentBack(destination.name, pending, work, lanes, rest);
        if (!isParked) throw new Error('changes were given up that can not be parked');
        return;
      }
      parking.ended(destination.name, pending, work);
      if (failure === undefined || pending.abandoned) {
        if (!pending.abandoned) {
          delays.delivered(destination.name, pending.timestamp, clock.now());
          breakers.of(destination.name, subscription.id)?.delivered(pending);
        }
        pending.release(subscriptionKey(destination.name, subscription.id));
      } else rejectWork(work, failure);
    },
    dropped(delivery) {
      parking.ended(delivery.destination, delivery.pending, delivery);
      releaseDelivery(delivery, backpressure);
    },
    rejectDelivery(delivery, failure) {
      backpressure.release(costOf(delivery));
      setAside.write(deadLetterOf(delivery, failure, 0), delivery.pending);
    },
    rejectWork,
  };
}

const counts = ({ failure }: RejectedDelivery) => isCounted(failure);

/** `too_old: drop` of the destination. */
function isDropped({ settings }: Destination, { code }: Failure): boolean {
  return code === 'EVENT_TOO_OLD' && settings.tooOld === 'drop';
}

function rejectedOf(deliveries: readonly Delivery[], outcomes: readonly FinalOutcome[]): readonly RejectedDelivery[] {
  const rejected: RejectedDelivery[] = [];
  for (const [index, delivery] of deliveries.entries()) {
    const outcome = outcomes[index];
    if (outcome?.kind === 'rejected') rejected.push({ delivery, failure: outcome.failure });
  }
  return rejected;
}

type Rejection = Extract<FinalOutcome, { kind: 'rejected' }>;
