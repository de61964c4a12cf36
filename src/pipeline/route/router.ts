import type { DeadLetter } from '../../core/dead-letter.ts';
import type { Delivery, PendingRecord } from '../../core/delivery.ts';
import { encodedUpdate } from '../../core/encoded-change.ts';
import type { Failure } from '../../core/outcome.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { SourceRecord } from '../../core/record.ts';
import { type Destination, feedsAudiences, type Subscription } from '../../core/subscription.ts';
import { subscriptionKey } from '../../core/subscription-key.ts';
import type { AudienceWork } from './audience-work.ts';
import type { DecisionWatch } from './decision-watch.ts';
import { decodeRecord } from './decode.ts';
import type { Decoded } from './decoded.ts';
import type { DeliveryOrigins } from './delivery-origins.ts';
import { nothingSent } from './duplicate-event.ts';
import type { EventCounts } from './event-counts.ts';
import { createPendingEvent } from './pending-event.ts';
import {
  type Decision,
  doneIn,
  type IsDone,
  type IsDoneOf,
  type PastEnd,
  type PlanOptions,
  planRecord,
  type RecordPlan,
  type SubscriptionDecision,
} from './plan.ts';
import { createPlanningAhead, type PlanningAhead } from './planning-ahead.ts';
import { eventRecords } from './several-events.ts';

export interface RouterOptions extends PlanOptions {
  /** As they are configured now. */
  destinations(): readonly Destination[];
  readonly origins: DeliveryOrigins;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly eventCounts: EventCounts;
  readonly watch?: DecisionWatch;
  deliver(destination: Destination, delivery: Delivery): void;
  /** Changes of audiences; the record is held once for all of them. */
  changeAudiences(work: AudienceWork): void;
  setAside(deadLetter: DeadLetter, pending: PendingRecord): void;
  /** An earlier process has ended this part of a record. */
  wasDone(destination: Destination, subscription: Subscription, was: PastEnd): void;
}

/**
 * Carries out what is decided about a record: deliveries, dead letters, or nothing. `pend` makes the record a pending
 * one, and is called only when something is to be kept, so that records that match nothing cost no copy.
 */
export interface Router {
  /** What is to become of the record at a place of a batch, where it was planned together with those before it. */
  readonly planned: PlanningAhead;
  /**
   * Of a record that holds several events: routes none of them yet, and gives what routes them.
   *
   * @param known What is to become of it, if that was planned.
   */
  route(record: SourceRecord, pend: () => PendingRecord, isDone: IsDoneOf, known?: RecordPlan): RouteNext | undefined;
  /** The whole record becomes one dead letter, since the program fails on it. */
  giveUp(pending: PendingRecord, failure: Failure): void;
}

/** Routes the next of a record's events. `bytes`: of the event. */
export type RouteNext = () => { readonly bytes: number; readonly isLast: boolean };

export function createRouter(options: RouterOptions): Router {
  const { clock, telemetry, eventCounts, watch } = options;

  function report({ destination, subscription, findings }: SubscriptionDecision): void {
    const names = { destination: destination.name, subscription: subscription.id };
    eventCounts.matched({ ...names, action: subscription.action.key });
    for (const { code, field } of findings.warnings) {
      telemetry.emit({ kind: 'warned', ...names, code, ...(field !== undefined && { field }) });
    }
    const audience = feedsAudiences(subscription);
    for (const statuses of findings.identifiers) telemetry.emit({ kind: 'identified', ...names, audience, statuses });
  }

  function carryOut(decision: SubscriptionDecision, pend: () => PendingRecord): void {
    report(decision);
    const { destination, subscription, key } = decision;
    if (decision.kind === 'skip') {
      eventCounts.skipped({ destination: destination.name, subscription: subscription.id, reason: decision.reason });
      if (decision.was !== undefined) options.wasDone(destination, subscription, decision.was);
      return;
    }
    const pending = pend();
    pending.hold(key);
    if (decision.kind === 'reject') {
      const origin = {
        destination: destination.name,
        subscription: subscription.id,
        action: subscription.action.key,
      };
      setAside(pending, decision.failure, origin);
      return;
    }
    const origin = options.origins.of(destination.name, subscription.id);
    if (decision.kind === 'deliver') options.deliver(destination, deliveryOf(decision, { origin, pending }));
    else {
      // All members from the start: thousands wait, and one that is added later would take memory of its own.
      options.changeAudiences({
        destination,
        subscription,
        updates: decision.updates.map(encodedUpdate),
        failure: decision.failure,
        origin,
        pending,
        position: undefined,
      });
    }
  }

  function setAside(
    pending: PendingRecord,
    failure: Failure,
    of: Pick<DeadLetter, 'destination' | 'subscription' | 'action'>,
  ): void {
    options.setAside({ record: pending.record, failure, ...of, attempts: 0, at: clock.now() }, pending);
  }

  function carryOutAll(decisions: readonly Decision[], pend: () => PendingRecord): void {
    for (const decision of decisions) {
      if (decision.kind === 'empty') {
        eventCounts.skipped({ destination: '', subscription: '', reason: decision.reason });
      } else if (decision.kind === 'undecodable') {
        const pending = pend();
        pending.hold(subscriptionKey());
        setAside(pending, decision.failure, {});
      } else if (decision.kind === 'orphaned') {
        const { destination, subscription } = decision.parked;
        const pending = pend();
        pending.hold(subscriptionKey(destination, subscription));
        setAside(pending, decision.failure, { destination, subscription });
      } else carryOut(decision, pend);
    }
  }

  function routeEach(
    record: SourceRecord,
    several: Extract<Decoded, { kind: 'several' }>,
    pend: () => PendingRecord,
    isDone: IsDone,
  ): RouteNext {
    const recordAt = eventRecords(record, several);
    const sent = nothingSent();
    let next = 0;
    return () => {
      const index = next;
      next += 1;
      const event = recordAt(index);
      const plan = planRecord(event, options.destinations(), options, clock.now(), isDone, sent);
      const { decisions } = plan;
      if (watch?.wants === true) watch.tell(event, plan);
      let pending: PendingRecord | undefined;
      carryOutAll(decisions, () => {
        pending ??= createPendingEvent(pend(), (whole) => eventsAgain(whole)(index));
        return pending;
      });
      return { bytes: event.value?.length ?? 0, isLast: next >= several.messages.length };
    };
  }

  /** Of records in flight whose events somebody has asked for. What was decoded at first is not kept for that. */
  const decodedAgain = new WeakMap<SourceRecord, (index: number) => SourceRecord>();

  function eventsAgain(whole: SourceRecord): (index: number) => SourceRecord {
    const known = decodedAgain.get(whole);
    if (known !== undefined) return known;
    const decoded = decodeRecord(whole, options.decode);
    const recordAt = eventRecords(whole, decoded.kind === 'several' ? decoded : { messages: [] });
    decodedAgain.set(whole, recordAt);
    return recordAt;
  }

  const { decode, scope } = options;

  function planOf(record: SourceRecord, decoded: Decoded | undefined, isDone: IsDone): RecordPlan {
    return planRecord(record, options.destinations(), { decode, decoded, scope }, clock.now(), isDone);
  }

  return {
    planned: createPlanningAhead({
      destinations: options.destinations,
      decode: (record) => decodeRecord(record, decode),
      plan: planOf,
    }),
    route(record, pend, isDone, known) {
      const plan = known ?? planOf(record, undefined, doneIn(record, isDone));
      const { decoded, decisions } = plan;
      if (watch?.wants === true) watch.tell(record, plan);
      if (decoded?.kind === 'several') return routeEach(record, decoded, pend, doneIn(record, isDone));
      carryOutAll(decisions, pend);
      return undefined;
    },
    giveUp(pending, failure) {
      carryOutAll([{ kind: 'undecodable', failure }], () => pending);
    },
  };
}

function deliveryOf(
  { destination, subscription, ready }: Extract<SubscriptionDecision, { kind: 'deliver' }>,
  { origin, pending }: Required<Pick<Delivery, 'origin' | 'pending'>>,
): Delivery {
  const { testEventCode, uploadTag } = ready;
  const delivery = {
    destination: destination.name,
    subscription: subscription.id,
    action: subscription.action.key,
    batchKey: uploadTag === undefined ? (testEventCode ?? '') : JSON.stringify([testEventCode, uploadTag]),
    body: ready.body,
    bytes: ready.bytes,
    eventId: ready.eventId,
    eventName: ready.eventName,
    expiresAt: ready.expiresAt,
    sent: false,
    origin,
    pending,
  };
  if (testEventCode === undefined && uploadTag === undefined) return delivery;
  return {
    ...delivery,
    ...(testEventCode !== undefined && { testEventCode }),
    ...(uploadTag !== undefined && { uploadTag }),
  };
}
