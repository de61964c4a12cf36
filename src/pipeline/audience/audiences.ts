import { type AudienceTarget, isNamedByEvents, targetKey } from '../../core/audience.ts';
import { type EncodedUpdate, replaces } from '../../core/encoded-change.ts';
import { audienceSearchName } from '../../core/lane-name.ts';
import { failsForLong, type LaneStatus } from '../../core/lane-state.ts';
import type { Failure } from '../../core/outcome.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { Destination } from '../../core/subscription.ts';
import { subscriptionKey } from '../../core/subscription-key.ts';
import { namesOf } from '../../core/telemetry.ts';
import type { Blockage } from '../lane/lane.ts';
import { parkedFailure } from '../lane/parked-failure.ts';
import type { Rejected } from '../lane/rejection-report.ts';
import { concerns, type Resumed } from '../lane/resumed.ts';
import type { HandOver } from '../partition/hand-over.ts';
import type { AudienceWork, ParkedTargets } from '../route/audience-work.ts';
import type { AudienceCounts } from './audience-counts.ts';
import {
  type AudienceLookup,
  createAudienceLookup,
  drop,
  isGone,
  type QueuedUpdate,
  refuse,
} from './audience-lookup.ts';
import type { AudiencePort } from './audience-port.ts';
import type { ChangeEnd } from './change-end.ts';
import { bytesOf, type ChangeInFlight, changeInFlight } from './change-in-flight.ts';
import { createLookups } from './lookups.ts';
import type { OpenLane } from './open-lane.ts';
import { createOpenLanes } from './open-lanes.ts';
import { createWorkProgress, type WorkProgress } from './work-progress.ts';

export interface AudiencesOptions extends AudiencePort {
  readonly handOver: Pick<HandOver, 'pass' | 'watch' | 'held' | 'close'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Bytes of changes on their way. */
  acquire(bytes: number): void;
  release(bytes: number): void;
  /** One change ended. */
  counted(work: AudienceWork, end: ChangeEnd['kind']): void;
  /** Every change of the work is final, but for those to be parked. With a failure: it is set aside before the record is released. */
  done(work: AudienceWork, failure: Failure | undefined, parked: ParkedTargets): void;
  /** Whether the work can be parked: what can't stays in its place when lanes are given up for that. */
  parks(work: AudienceWork): boolean;
  /** What was rejected of the destination's changes before they were sent, since this was asked last. */
  rejectedEarly(destination: string): readonly Rejected[];
  failed(error: unknown): void;
}

/** An audience, and what became of its changes. */
export interface ChangedAudience extends AudienceCounts {
  readonly id: string;
  readonly lane: string;
}

/** Changes of audiences, from `prepare` to their ends: audience found, lane by lane, in order. */
export interface Audiences {
  /** These are the destinations from now on: their settings and tokens are used. */
  configure(destinations: readonly Destination[]): void;
  /** Closes what is idle and no destination needs any more after a change of destinations. To be called about once a second. */
  sweep(): void;
  offer(work: AudienceWork): void;
  drain(): void;
  idle(): boolean;
  /** Nothing is left that could end without a person, or without waiting for a hand-over. */
  stuck(): boolean;
  /** Changes that are not final. */
  size(): number;
  blockages(): readonly (Blockage & { readonly lane: string })[];
  statuses(): readonly LaneStatus[];
  /** The audiences that are known to Meta and were changed. */
  changed(): readonly ChangedAudience[];
  /** Partitions went to another process, or subscriptions were removed. */
  dropRemoved(): void;
  /** What waits for a blocked audience of the destination ends as rejected. */
  rejectWaiting(
    destination: Destination,
    which: (blockage: Blockage) => boolean,
    reason: (blockage: Blockage) => Failure,
  ): void;
  /**
   * So does what waits for an audience that is blocked, or has got nothing through for long, and has changes of such records.
   * `parks`: what can be parked is, and ends so first.
   */
  rejectHeld(
    destination: Destination,
    which: (record: SourceRecord) => boolean,
    failure: Failure,
    parks: boolean,
  ): void;
  /** Targets (`targetKey`) of the destination whose changes wait for a person, and why. */
  blockedTargets(destination: string): ReadonlyMap<string, Blockage>;
  wake(): void;
  /** What waited for a person goes on, or only this. */
  resume(what?: Resumed): void;
  /** Nobody will look at what too much was rejected of. */
  giveUp(): void;
  abort(): void;
}

export function createAudiences(options: AudiencesOptions): Audiences {
  const abortion = new AbortController();
  let configured: ReadonlyMap<string, Destination> = new Map();
  /** Were blocked when the destinations changed: what waited there may have been of a subscription that is gone. */
  let doubtful: ReadonlySet<AudienceLookup | OpenLane> = new Set();

  /** As it is configured now; of a removed one, as it was. */
  const newest = (destination: Destination) => configured.get(destination.name) ?? destination;

  const lanes = createOpenLanes({ ...options, newest, ended });
  const lookups = createLookups({
    most: options.maxAudiences ?? defaultMaxAudiences,
    now: options.clock.monotonic,
    open: openLookup,
    isAtRest: lanes.isAtRest,
    closed: closeLaneOf,
    refuse: (queuedUpdate, failure) => refuse(queuedUpdate, failure, ended),
    failed: options.failed,
  });

  function openLookup(
    { destination, subscription }: AudienceWork,
    target: AudienceTarget,
    over: (failure: Failure) => void,
  ): AudienceLookup {
    // What events name is without number, and so no label.
    const group = isNamedByEvents(target)
      ? { group: `audiences of ${subscriptionKey(destination.name, subscription.id)}` }
      : {};
    const names = { lane: audienceSearchName(target), ...group };
    return createAudienceLookup({
      ...names,
      destination,
      newest,
      search: (caller, unknown) => options.search(caller, target, abortion.signal, unknown, names),
      aborted: () => abortion.signal.aborted,
      laneOf: (ofFirst, audience) => lanes.of(ofFirst, audience, names.group),
      unknown: over,
      parks: options.parks,
      ended,
      failed: options.failed,
    });
  }

  /** If no other look-up has led to the same audience. */
  function closeLaneOf(lookup: AudienceLookup): void {
    const id = lookup.audienceId();
    if (id === undefined || !lanes.isAtRest(id) || lookups.all().some((other) => other.audienceId() === id)) return;
    lanes.close(id);
  }

  function ended({ work, progress, target, bytes, entry }: ChangeInFlight, end: ChangeEnd): void {
    options.release(bytes);
    options.counted(work, end.kind);
    (progress ?? createWorkProgress({ work, count: 1, done: options.done })).ended(entry, end, target);
    lookups.roomAgain();
  }

  /** Undefined: its only change is all of the work, as of most. Of those a progress is made when they end, since thousands wait. */
  function progressOf(work: AudienceWork): WorkProgress | undefined {
    const { updates } = work;
    const count = updates.reduce((sum, { changes }) => sum + Math.max(1, changes.length), 0);
    if (count === 1 && updates[0]?.changes.length === 1) return undefined;
    const whole = updates.length > 1 && updates.some(replaces);
    return createWorkProgress({ work, count, targets: updates.length, whole, done: options.done });
  }

  function queuedOf(
    work: AudienceWork,
    update: EncodedUpdate,
    { progress, target }: Pick<ChangeInFlight, 'progress' | 'target'>,
  ): readonly ChangeInFlight[] {
    return update.changes.map((change) => {
      const bytes = bytesOf(change);
      options.acquire(bytes);
      return changeInFlight(change, update, work, { progress, target, bytes });
    });
  }

  /** It may have waited until its subscription was removed. */
  function enter(queued: QueuedUpdate): void {
    const { removed } = queued.work.origin;
    if (removed === undefined) lookups.enter(queued);
    else refuse(queued, removed, ended);
  }

  function passOn(queued: QueuedUpdate): void {
    options.handOver.pass(queued.work.pending, () => enter(queued));
  }

  const stages = () => [...lookups.all(), ...lanes.all()];

  /** Idle, and no destination needs it any more. */
  function isDone(stage: AudienceLookup | OpenLane): boolean {
    const blocked = stage.blocked() !== undefined;
    const needed = configured.has(stage.destination().name) && !(blocked && doubtful.has(stage));
    if (needed || !stage.idle()) return false;
    if (blocked) options.telemetry.emit({ kind: 'lane_opened', ...namesOf(stage) });
    return true;
  }

  return {
    configure(destinations) {
      configured = new Map(destinations.map((destination) => [destination.name, destination]));
      doubtful = new Set(stages().filter((stage) => stage.blocked() !== undefined));
    },
    sweep() {
      lookups.sweep(isDone);
      const known = new Set(lookups.all().map((lookup) => lookup.audienceId()));
      lanes.sweep((lane) => isDone(lane) || (lane.isAtRest() && !known.has(lane.audienceId)));
    },
    offer(work) {
      const progress = progressOf(work);
      const { updates } = work;
      work.updates = handedOver;
      for (const update of updates) {
        const target = targetKey(update.target);
        const items = queuedOf(work, update, { progress, target });
        lookups.begin(work, update.target);
        passOn({ work, update, items, progress, target });
      }
    },
    drain: lanes.drain,
    idle: () => options.handOver.held() + lookups.waiting() === 0 && stages().every((stage) => stage.idle()),
    stuck: () => stages().every((stage) => stage.blocked() !== undefined || (stage.idle() && lookups.waiting() === 0)),
    size: () => stages().reduce((sum, stage) => sum + stage.size(), options.handOver.held() + lookups.waiting()),
    blockages: () =>
      stages().flatMap((stage) => {
        const blockage = stage.blocked();
        return blockage === undefined ? [] : [{ lane: stage.lane, ...blockage }];
      }),
    statuses: () => [
      ...lookups
        .all()
        .filter((lookup) => lookup.audienceId() === undefined)
        .map(statusAs('search')),
      ...lanes.all().map(statusAs('audience')),
    ],
    changed: () => lanes.all().map((lane) => ({ id: lane.audienceId, lane: lane.lane, ...lane.counts() })),
    dropRemoved() {
      for (const stage of stages()) stage.dropRemoved();
      for (const queued of lookups.takeOut(isGone)) drop(queued, ended);
    },
    rejectWaiting(destination, which, reason) {
      for (const stage of stages()) {
        const blockage = stage.destination().name === destination.name ? stage.blocked() : undefined;
        if (blockage !== undefined && which(blockage)) stage.rejectWaiting(reason(blockage));
      }
    },
    rejectHeld(destination, which, failure, parks) {
      const now = options.clock.monotonic();
      for (const stage of stages()) {
        if (stage.destination().name !== destination.name) continue;
        const waits = stage.blocked() !== undefined || failsForLong(stage.state(), now);
        if (!waits || !stage.some(({ work }) => which(work.pending.record))) continue;
        const toPark = parks && stage.some(({ work }) => which(work.pending.record) && options.parks(work));
        stage.rejectWaiting(toPark ? parkedFailure : failure);
      }
    },
    blockedTargets(destination) {
      const found = new Map<string, Blockage>();
      for (const [key, lookup] of lookups.entries()) {
        if (lookup.destination().name !== destination) continue;
        const id = lookup.audienceId();
        const blockage = lookup.blocked() ?? (id === undefined ? undefined : lanes.get(id)?.blocked());
        if (blockage !== undefined) found.set(key, blockage);
      }
      return found;
    },
    wake() {
      for (const stage of stages()) stage.wake();
    },
    resume(what) {
      for (const lane of lanes.all()) {
        if (what === undefined || concerns(what, lane)) lane.resume();
      }
    },
    giveUp() {
      for (const lane of lanes.all()) lane.giveUp();
    },
    abort() {
      abortion.abort();
      for (const lane of lanes.all()) lane.abort();
      options.handOver.close();
    },
  };
}

const defaultMaxAudiences = 1_000;
const handedOver: readonly never[] = [];

function statusAs(kind: LaneStatus['kind']): (stage: AudienceLookup | OpenLane) => LaneStatus {
  return (stage) => ({
    ...namesOf(stage),
    kind,
    destination: stage.destination().name,
    waiting: stage.size(),
    ...stage.state(),
  });
}
