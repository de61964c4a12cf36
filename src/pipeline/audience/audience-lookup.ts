import type { ResolvedAudience } from '../../core/audience.ts';
import { type EncodedChange, type EncodedUpdate, replaces, withoutColumn } from '../../core/encoded-change.ts';
import type { LaneState } from '../../core/lane-state.ts';
import type { Failure } from '../../core/outcome.ts';
import type { Destination } from '../../core/subscription.ts';
import { type LaneNames, namesOf } from '../../core/telemetry.ts';
import { type Blockage, stateOf } from '../lane/lane.ts';
import { parkedCode } from '../lane/parked-failure.ts';
import type { AudienceWork } from '../route/audience-work.ts';
import type { AudienceSearch } from './audience-port.ts';
import { type ChangeEnd, delivered, dropped } from './change-end.ts';
import type { ChangeInFlight } from './change-in-flight.ts';
import type { AudienceLane } from './lane.ts';
import type { WorkProgress } from './work-progress.ts';

export interface AudienceLookupOptions extends LaneNames {
  /** The first that needs the audience. */
  readonly destination: Destination;
  /** A destination as it is configured now. */
  newest(destination: Destination): Destination;
  search(caller: () => Destination, unknown: (failure: Failure) => boolean): AudienceSearch;
  aborted(): boolean;
  laneOf(destination: Destination, audience: ResolvedAudience): AudienceLane<ChangeInFlight>;
  /** Meta doesn't know it, and nothing waits for a person: the look-up is over. Called before what waited is refused. */
  unknown(failure: Failure): void;
  /** As `AudiencesOptions.parks`. */
  parks(work: AudienceWork): boolean;
  ended(queued: ChangeInFlight, end: ChangeEnd): void;
  failed(error: unknown): void;
}

/** Changes of one audience by one record, which wait for the audience to be found. */
export interface QueuedUpdate {
  readonly work: AudienceWork;
  readonly update: EncodedUpdate;
  readonly items: readonly ChangeInFlight[];
  /** As of its changes. Hears of an end itself where there are none: the audience is there, or nothing waits for it any more. */
  readonly progress: WorkProgress | undefined;
  /** `targetKey` */
  readonly target: string;
}

/** Where the changes of an audience wait, in order, until it is found; from then on they go straight to its lane. */
export interface AudienceLookup extends LaneNames {
  /** Whose token is used to find the audience: of the first that waits for it. */
  destination(): Destination;
  enter(queued: QueuedUpdate): void;
  /** Undefined: it isn't found yet. */
  audienceId(): string | undefined;
  idle(): boolean;
  size(): number;
  some(which: (item: Pick<QueuedUpdate, 'work'>) => boolean): boolean;
  blocked(): Blockage | undefined;
  state(): LaneState;
  rejectWaiting(failure: Failure): void;
  /** What waits and whose partition went to another process, or whose subscription was removed, ends. */
  dropRemoved(): void;
  wake(): void;
  close(): void;
}

export function createAudienceLookup(options: AudienceLookupOptions): AudienceLookup {
  let waiting: QueuedUpdate[] = [];
  let audience: ResolvedAudience | undefined;
  let closed = false;
  const search = options.search(destination, isGivenUp);
  search.found.then(
    (found) => {
      if (found !== undefined && !options.aborted() && !closed) letIn(found);
    },
    (error) => {
      if (!options.aborted() && !closed) options.failed(error);
    },
  );

  function letIn(found: ResolvedAudience): void {
    audience = found;
    search.close();
    const updates = waiting;
    waiting = [];
    for (const queuedUpdate of updates) pass(found, queuedUpdate);
  }

  function takeOut(which: (queuedUpdate: QueuedUpdate) => boolean): readonly QueuedUpdate[] {
    const taken = waiting.filter(which);
    waiting = waiting.filter((queuedUpdate) => !which(queuedUpdate));
    return taken;
  }

  /** An id that an event has brought is that event's fault; only one from the mapping waits for a person. */
  function isGivenUp(failure: Failure): boolean {
    const ofEvents = takeOut(isOfEvent);
    const over = waiting.length === 0;
    if (over) {
      closed = true;
      options.unknown(failure);
    }
    for (const queuedUpdate of ofEvents) refuse(queuedUpdate, failure, options.ended);
    return over;
  }

  function destination(): Destination {
    return options.newest(waiting[0]?.work.destination ?? options.destination);
  }

  function pass(found: ResolvedAudience, queuedUpdate: QueuedUpdate): void {
    const { work, update, items } = queuedUpdate;
    if (items.length === 0) {
      endOfNone(queuedUpdate, delivered);
      return;
    }
    const lane = options.laneOf(work.destination, found);
    const isWhole = update.session !== undefined || replaces(update);
    const fit: ChangeInFlight[] = [];
    for (const queued of items) {
      if (lacksValue(found, queued)) options.ended(queued, { kind: 'rejected', failure: valueMissing });
      else if (isWhole) fit.push(withoutUselessValue(found, queued));
      else lane.offer(queued);
    }
    if (isWhole) lane.offerWhole(fit, update.session);
  }

  return {
    ...namesOf(options),
    destination,
    enter(queuedUpdate) {
      if (audience !== undefined) pass(audience, queuedUpdate);
      else waiting.push(queuedUpdate);
    },
    audienceId: () => audience?.id,
    idle: () => waiting.length === 0,
    size: () => waiting.reduce((sum, { items }) => sum + Math.max(1, items.length), 0),
    some: (which) => waiting.some(which),
    blocked: () => (audience === undefined ? search.blocked() : undefined),
    state: () => (audience === undefined ? stateOf(search) : { state: 'running' }),
    rejectWaiting(failure) {
      const goes = ({ work }: QueuedUpdate) => failure.code !== parkedCode || options.parks(work);
      for (const queuedUpdate of takeOut(goes)) refuse(queuedUpdate, failure, options.ended);
    },
    dropRemoved() {
      for (const queuedUpdate of takeOut(isGone)) drop(queuedUpdate, options.ended);
    },
    wake: () => search.wake(),
    close() {
      closed = true;
      search.close();
    },
  };
}

/** Ends an update that has no changes. */
function endOfNone({ progress, target }: QueuedUpdate, end: ChangeEnd): void {
  if (progress === undefined) throw new Error('an update without changes has nobody to tell its end');
  progress.ended(undefined, end, target);
}

export function isOfEvent({ update }: QueuedUpdate): boolean {
  return update.target.fromEvent === true;
}

/** Ends them without an audience. */
export function refuse(queuedUpdate: QueuedUpdate, failure: Failure, ended: AudienceLookupOptions['ended']): void {
  const { items } = queuedUpdate;
  if (items.length === 0) endOfNone(queuedUpdate, { kind: 'rejected', failure });
  for (const queued of items) ended(queued, { kind: 'rejected', failure });
}

/** Its partition went to another process, or its subscription was removed. */
export function isGone({ work }: QueuedUpdate): boolean {
  return work.pending.abandoned || work.origin.removed !== undefined;
}

/** Ends what is gone. */
export function drop(queuedUpdate: QueuedUpdate, ended: AudienceLookupOptions['ended']): void {
  const { work, items } = queuedUpdate;
  const { removed } = work.origin;
  if (removed !== undefined) {
    refuse(queuedUpdate, removed, ended);
    return;
  }
  if (items.length === 0) endOfNone(queuedUpdate, dropped);
  for (const item of items) ended(item, dropped);
}

function lacksValue({ valueBased }: ResolvedAudience, { operation, rows }: EncodedChange): boolean {
  return valueBased && operation !== 'remove' && rows.some(({ schema }) => !schema.includes('LOOKALIKE_VALUE'));
}

/** Meta: replace users: values and people without one can't be mixed, and an audience that isn't value-based has none. */
function withoutUselessValue({ valueBased }: ResolvedAudience, queued: ChangeInFlight): typeof queued {
  if (valueBased || queued.operation !== 'replace') return queued;
  return { ...queued, rows: queued.rows.map((row) => withoutColumn(row, 'LOOKALIKE_VALUE')) };
}

const valueMissing: Failure = {
  code: 'VALUE_MISSING',
  field: 'value',
  message: 'The audience is value-based, and the person has no value.',
  fix: 'Map value to a number of at least 0.',
};
