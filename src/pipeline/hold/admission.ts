import { type Delivery, doubtOf } from '../../core/delivery.ts';
import type { Failure } from '../../core/outcome.ts';
import { targetKey } from '../../core/audience.ts';
import type { Destination } from '../../core/subscription.ts';
import { subscriptionKey } from '../../core/subscription-key.ts';
import { bytesOf } from '../audience/change-in-flight.ts';
import type { DestinationLane } from '../lane/lanes.ts';
import type { Backpressure } from '../partition/backpressure.ts';
import type { AudienceWork } from '../route/audience-work.ts';
import type { CircuitBreakers } from './circuit-breakers.ts';
import type { OperatorHolds } from './operator-holds.ts';
import { createOvertakenChanges } from './overtaken-changes.ts';
import { type Parking, pixelLane } from './parking.ts';
import type { HeldItem } from './held-work.ts';
import { wantedOf } from './unparked-work.ts';

export interface AdmissionOptions {
  readonly holds: Pick<OperatorHolds, 'take'>;
  readonly breakers: Pick<CircuitBreakers, 'of'>;
  readonly parking: Pick<Parking, 'concerns' | 'enter'>;
  readonly backpressure: Backpressure;
  /** Undefined: the destination is no longer configured. */
  laneOf(destination: Destination): DestinationLane | undefined;
  /** So many changes of the work were held, and are covered by newer ones. */
  superseded(work: AudienceWork, count: number): void;
  /** All changes of the work were. */
  ended(work: AudienceWork): void;
  /** Changes of audiences may go on. */
  changeAudiences(work: AudienceWork): void;
  /** What was held is given up before it was sent: it becomes a dead letter. */
  rejectDelivery(delivery: Delivery, failure: Failure): void;
  rejectWork(work: AudienceWork, failure: Failure): void;
}

/**
 * What happens between the router and the lanes. Work of a destination that a person has paused waits, a subscription whose circuit breaker is open has its work held, and
 * work of a blocked lane whose destination parks goes to the parking partition.
 */
export interface Admission {
  deliver(destination: Destination, delivery: Delivery): void;
  changeAudiences(work: AudienceWork): void;
}

const pixelLanes = [pixelLane];

export function createAdmission(options: AdmissionOptions): Admission {
  const { holds, breakers, parking, backpressure } = options;
  const overtaken = createOvertakenChanges();
  /** What is left of works that newer changes have covered in part. */
  const parts = new WeakSet<AudienceWork>();

  function enterLane(lane: DestinationLane, delivery: Delivery): void {
    const { destination, subscription, pending } = delivery;
    if (!parking.concerns(destination, pending)) {
      lane.offer(delivery);
      return;
    }
    const release = () => releaseDelivery(delivery, backpressure);
    parking.enter({
      ...{ key: delivery, destination, subscription, pending, lanes: pixelLanes },
      inDoubtSince: () => doubtOf(delivery),
      go: () => lane.offer(delivery),
      parked: release,
      drop: release,
    });
  }

  function enterAudiences(work: AudienceWork): void {
    const { destination, subscription, updates, pending } = work;
    if (!parking.concerns(destination.name, pending)) {
      options.changeAudiences(work);
      return;
    }
    const free = occupy(work);
    const release = () => {
      free();
      releaseWork(work);
    };
    parking.enter({
      ...{ key: work, destination: destination.name, subscription: subscription.id, pending },
      lanes: updates.map(({ target }) => targetKey(target)),
      go() {
        free();
        options.changeAudiences(work);
      },
      parked: release,
      drop: release,
      ...(parts.has(work) && {
        unwritable() {
          free();
          options.rejectWork(work, partNotParked);
        },
      }),
    });
  }

  function pastHolds(lane: DestinationLane, delivery: Delivery): void {
    const breaker = breakers.of(delivery.destination, delivery.subscription);
    if (breaker === undefined || breaker.tryAcquire(delivery)) enterLane(lane, delivery);
    else breaker.submit(itemOf(delivery, () => enterLane(lane, delivery)));
  }

  function itemOf(delivery: Delivery, go: () => void): HeldItem {
    return {
      pending: delivery.pending,
      letGo: delivery,
      isDeadLetter: false,
      go,
      drop: () => releaseDelivery(delivery, backpressure),
      reject: (failure) => options.rejectDelivery(delivery, failure),
    };
  }

  function changePastHolds(work: AudienceWork): void {
    const breaker = breakers.of(work.destination.name, work.subscription.id);
    if (breaker === undefined || breaker.tryAcquire(work)) {
      overtaken.passed(work);
      enterAudiences(work);
    } else breaker.submit(heldWork(work, enterAudiences));
  }

  /** Counts what waits as in flight, as its lanes do from then on. Call the returned function when it waits no longer. */
  function occupy({ updates }: AudienceWork): () => void {
    let bytes = updates.reduce((sum, { changes }) => changes.reduce((each, change) => each + bytesOf(change), sum), 0);
    backpressure.acquire(bytes);
    return () => {
      backpressure.release(bytes);
      bytes = 0;
    };
  }

  /** @param go With what is still wanted of it: other subscriptions may feed the same audiences, and have gone on. */
  function heldWork(work: AudienceWork, go: (wanted: AudienceWork) => void): HeldItem {
    overtaken.hold(work);
    const free = occupy(work);
    return {
      pending: work.pending,
      letGo: work,
      isDeadLetter: false,
      go() {
        free();
        const wanted = overtaken.release(work);
        const count = changesIn(work) - changesIn(wanted);
        if (count > 0) options.superseded(work, count);
        if (count > 0 || parts.has(work)) parts.add(wanted);
        if (wanted.updates.length > 0) go(wanted);
        else options.ended(work);
      },
      drop() {
        free();
        overtaken.drop(work);
        releaseWork(work);
      },
      reject(failure) {
        free();
        overtaken.drop(work);
        options.rejectWork(work, failure);
      },
    };
  }

  return {
    deliver(destination, delivery) {
      const lane = options.laneOf(destination);
      if (lane === undefined) return;
      backpressure.acquire(costOf(delivery));
      const go = () => pastHolds(lane, delivery);
      if (!holds.take(destination.name, () => itemOf(delivery, go))) go();
    },
    changeAudiences(whole) {
      const work = wantedOf(whole);
      if (!holds.take(work.destination.name, () => heldWork(work, changePastHolds))) changePastHolds(work);
    },
  };
}

/** Its code says nothing about the mapping or the data. */
const partNotParked: Failure = {
  code: 'LANE_BLOCKED',
  message:
    'The lane is blocked, and the record can not be parked: it would come back with changes that newer ones have covered since.',
  fix: 'Fix the cause, then replay these dead letters.',
};

function changesIn({ updates }: AudienceWork): number {
  return updates.reduce((sum, { changes }) => sum + changes.length, 0);
}

function releaseWork({ destination, subscription, pending }: AudienceWork): void {
  pending.release(subscriptionKey(destination.name, subscription.id));
}

/** What a delivery in flight costs beyond its text: the objects around it. Of an event there may be hundreds. */
const overheadBytes = 300;

export function costOf({ bytes }: Delivery): number {
  return overheadBytes + bytes;
}

/** The delivery is final: its bytes are free, and its record waits for one less. */
export function releaseDelivery(delivery: Delivery, backpressure: Backpressure): void {
  backpressure.release(costOf(delivery));
  delivery.pending.release(subscriptionKey(delivery.destination, delivery.subscription));
}
