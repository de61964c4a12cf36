import type { DeadLetter } from '../core/dead-letter.ts';
import type { Delivery, PendingRecord } from '../core/delivery.ts';
import type { LaneStatus } from '../core/lane-state.ts';
import type { Clock, Telemetry } from '../core/ports.ts';
import type { Destination, Subscription } from '../core/subscription.ts';
import { type Audiences, createAudiences } from './audience/audiences.ts';
import { type AudiencePort, noAudiences } from './audience/audience-port.ts';
import type { ChangeEnd } from './audience/change-end.ts';
import { createAdmission } from './hold/admission.ts';
import { createCircuitBreakers } from './hold/circuit-breakers.ts';
import type { HeldWork } from './hold/held-work.ts';
import { createEarlyRejections } from './hold/early-rejections.ts';
import { createLaneHalts } from './hold/lane-halts.ts';
import { createOperatorHolds, type OperatorHold } from './hold/operator-holds.ts';
import type { Parking } from './hold/parking.ts';
import type { Blockage } from './lane/lane.ts';
import { laneStatuses } from './lane-statuses.ts';
import { createLanes, type Lanes } from './lane/lanes.ts';
import { isCounted } from './lane/rejection-report.ts';
import type { Resumed } from './lane/resumed.ts';
import type { Backpressure } from './partition/backpressure.ts';
import type { HandOver } from './partition/hand-over.ts';
import type { PipelineOptions } from './pipeline-types.ts';
import type { AudienceWork } from './route/audience-work.ts';
import type { EventCounts } from './route/event-counts.ts';
import type { PastEnd } from './route/plan.ts';
import type { DeadLetterWriter } from './settle/dead-letter-writer.ts';
import type { Delays } from './settle/delays.ts';
import { createSetAside } from './settle/set-aside.ts';
import { createSettlement } from './settle/settlement.ts';

export interface OutgoingOptions extends Pick<PipelineOptions, 'sinkFor' | 'limits' | 'scope' | 'stopsOnRejections'> {
  readonly audiencePort: AudiencePort | undefined;
  readonly parking: Parking;
  readonly handOver: HandOver;
  readonly backpressure: Backpressure;
  readonly deadLetterWriter: DeadLetterWriter;
  readonly eventCounts: EventCounts;
  readonly delays: Delays;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  failed(error: unknown): void;
}

/** Everything behind the router: admission, lanes, audiences and settlement. */
export interface Outgoing {
  deliver(destination: Destination, delivery: Delivery): void;
  changeAudiences(work: AudienceWork): void;
  /** Rejected before anything was sent. */
  setAside(deadLetter: DeadLetter, pending: PendingRecord): void;
  /** An earlier process has ended this part of a record. */
  wasDone(destination: Destination, subscription: Subscription, was: PastEnd): void;
  configure(destinations: readonly Destination[]): void;
  /** Drops what is no longer ours. */
  purge(): void;
  /** Something was fixed, perhaps: blocked lanes try at once, and what a person had to look at goes on. */
  resume(): void;
  /** As `Pipeline.writeDeadLetters`. */
  writeDeadLetters(): void;
  /** Closes what no destination needs any more. To be called about once a second. */
  sweep(): void;
  blockages(): readonly (Blockage & { readonly lane: string })[];
  /** Every lane, and every subscription that is held. */
  laneStatuses(): readonly LaneStatus[];
  /** What is new for the destination waits, until it is released. */
  hold(destination: string): void;
  /** What waits for a person to act on the destination goes on. */
  release(destination: string): void;
  /** What waits for a person to act on the lane, or on the subscription of that key, goes on. */
  resumeLane(lane: string): void;
  /** As `OperatorHolds.of`. */
  holdOf(destination: string): OperatorHold | undefined;
  /** Deliveries, changes and dead letters that are not final. */
  size(): number;
  stopTimers(): void;
  readonly lanes: Lanes;
  readonly audiences: Audiences;
  readonly heldWork: readonly HeldWork[];
}

export function createOutgoing(options: OutgoingOptions): Outgoing {
  const { parking, handOver, backpressure, deadLetterWriter, eventCounts, clock, telemetry, failed, limits } = options;
  const breakers = createCircuitBreakers({ clock, telemetry, enabled: options.stopsOnRejections ?? true });
  const halts = createLaneHalts(clock, telemetry);
  const early = createEarlyRejections({ breakers, clock, lingerMillis: limits.conversionsLingerMillis });
  const holds = createOperatorHolds();
  const heldWork = [holds, breakers, halts];
  const setAside = createSetAside({
    deadLetterWriter,
    breakers,
    backpressure,
    telemetry,
    ...(options.scope !== undefined && { entries: options.scope.entries }),
  });
  const settlement = createSettlement({
    setAside,
    breakers,
    halts,
    backpressure,
    parking,
    eventCounts,
    delays: options.delays,
    clock,
  });
  const lanes = createLanes({
    sinkFor: options.sinkFor,
    concurrency: limits.requestsPerLane,
    lingerMillis: limits.conversionsLingerMillis,
    clock,
    telemetry,
    rejectedEarly: (destination) => early.take(destination, false),
    settled: settlement.settled,
    dropped: settlement.dropped,
    failed,
  });
  const audiences = createAudiences({
    ...(options.audiencePort ?? noAudiences),
    handOver,
    clock,
    telemetry,
    acquire: backpressure.acquire,
    release: backpressure.release,
    counted: (work, end) => countChange(eventCounts, work, end),
    done: settlement.changed,
    parks: (work) => parking.has(work.destination.name, work.pending, work),
    rejectedEarly: (destination) => early.take(destination, true),
    failed,
  });
  const admission = createAdmission({
    holds,
    breakers,
    parking,
    backpressure,
    laneOf: lanes.of,
    superseded(work, count) {
      for (let at = 0; at < count; at += 1) countChange(eventCounts, work, 'superseded');
    },
    ended: (work) => settlement.changed(work, work.failure, []),
    changeAudiences: audiences.offer,
    rejectDelivery: settlement.rejectDelivery,
    rejectWork: settlement.rejectWork,
  });

  function letGoOn(what?: Resumed): void {
    audiences.resume(what);
    for (const held of heldWork) held.resume(what);
  }

  return {
    deliver: admission.deliver,
    changeAudiences(work) {
      admission.changeAudiences(work);
      const { destination, subscription, pending, failure } = work;
      if (failure === undefined) return;
      early.add({ destination: destination.name, subscription: subscription.id, record: pending.record, failure });
    },
    setAside(deadLetter, pending) {
      if (isCounted(deadLetter.failure)) early.add(deadLetter);
      setAside.rejected(deadLetter, pending);
    },
    wasDone(destination, subscription, was) {
      if (was.kind === 'rejected' && !isCounted(was.failure)) return;
      breakers.of(destination.name, subscription.id)?.wasDone(was.kind === 'rejected');
    },
    configure(destinations) {
      lanes.configure(destinations);
      audiences.configure(destinations);
      breakers.configure(destinations);
      early.configure(destinations);
      holds.configure(destinations);
      halts.resume();
    },
    purge() {
      for (const lane of lanes.all()) lane.purge();
      handOver.tick();
      audiences.dropRemoved();
      for (const held of heldWork) held.purge();
      parking.purge();
    },
    resume() {
      for (const lane of lanes.all()) lane.wake();
      audiences.wake();
      letGoOn();
    },
    writeDeadLetters() {
      for (const held of heldWork) held.writeDeadLetters();
      audiences.giveUp();
    },
    sweep() {
      lanes.sweep();
      audiences.sweep();
    },
    blockages: () => [lanes, audiences, ...heldWork].flatMap((work) => work.blockages()),
    laneStatuses: () => laneStatuses({ lanes, audiences, halts, breakers, holds }),
    hold: (destination) => holds.hold(destination, clock.monotonic()),
    release(destination) {
      holds.release(destination);
      letGoOn({ destination });
    },
    resumeLane: (lane) => letGoOn({ lane }),
    holdOf: holds.of,
    size: () => lanes.size() + audiences.size() + heldWork.reduce((sum, work) => sum + work.held(), 0),
    stopTimers: breakers.stop,
    lanes,
    audiences,
    heldWork,
  };
}

function countChange(
  eventCounts: EventCounts,
  { destination, subscription }: AudienceWork,
  end: ChangeEnd['kind'],
): void {
  const names = { destination: destination.name, subscription: subscription.id };
  if (end === 'delivered') eventCounts.delivered({ ...names, action: subscription.action.key });
  else if (end === 'superseded') eventCounts.skipped({ ...names, reason: 'superseded' });
}
