import type { AudienceChange, AudienceUpdate } from '../../core/audience.ts';
import type { Failure } from '../../core/outcome.ts';
import type { Destination } from '../../core/subscription.ts';
import type { Blockage } from '../lane/lane.ts';
import type { ChangeItem } from './change-item.ts';
import type { QueuedChange } from './flush-queue.ts';
import type { AudienceLane, ChangeEnd } from './lane.ts';
import type { AudienceSearch, ResolvedAudience } from './audience-port.ts';
import type { AudienceWork } from '../route/audience-work.ts';

export interface AudienceLookupOptions {
  readonly name: string;
  /** The one that asks first. */
  readonly destination: Destination;
  /** A destination as it is configured now. */
  newest(destination: Destination): Destination;
  search(caller: () => Destination): AudienceSearch;
  aborted(): boolean;
  lane(destination: Destination, audience: ResolvedAudience): AudienceLane<ChangeItem>;
  ended(queued: QueuedChange<ChangeItem>, end: ChangeEnd): void;
  failed(error: unknown): void;
}

/** Changes of one audience, as it is called in one place. */
export interface QueuedUpdate {
  readonly work: AudienceWork;
  readonly update: AudienceUpdate;
  readonly items: readonly QueuedChange<ChangeItem>[];
  /** Called where there are no changes, once the audience is there, or nobody waits for it any more. */
  settled(end: ChangeEnd): void;
}

/** Where the changes of an audience wait, in order, until it is found; from then on they go straight to its lane. */
export interface AudienceLookup {
  readonly name: string;
  /** Whose token is used to find the audience: of the first that waits for it. */
  destination(): Destination;
  enter(queued: QueuedUpdate): void;
  /** Undefined: it isn't found yet. */
  audienceId(): string | undefined;
  idle(): boolean;
  size(): number;
  blocked(): Blockage | undefined;
  rejectWaiting(failure: Failure): void;
  /** What waits and whose subscription was removed ends as rejected. */
  dropRemoved(): void;
  wake(): void;
  close(): void;
}

export function createAudienceLookup(options: AudienceLookupOptions): AudienceLookup {
  let waiting: QueuedUpdate[] = [];
  let audience: ResolvedAudience | undefined;
  let closed = false;
  const search = options.search(destination);

  search.found.then(
    (found) => {
      if (options.aborted() || closed) return;
      audience = found;
      const updates = waiting;
      waiting = [];
      for (const queuedUpdate of updates) pass(found, queuedUpdate);
    },
    (error) => {
      if (!options.aborted() && !closed) options.failed(error);
    },
  );

  function destination(): Destination {
    return options.newest(waiting[0]?.work.destination ?? options.destination);
  }

  function pass(found: ResolvedAudience, { work, update, items, settled }: QueuedUpdate): void {
    if (items.length === 0) {
      settled({ kind: 'delivered' });
      return;
    }
    const lane = options.lane(work.destination, found);
    const fit: QueuedChange<ChangeItem>[] = [];
    for (const queued of items) {
      if (lacksValue(found, queued.change)) options.ended(queued, { kind: 'rejected', failure: valueMissing });
      else fit.push(withoutUselessValue(found, queued));
    }
    if (update.session === undefined && fit[0]?.change.operation !== 'replace') {
      for (const queued of fit) lane.offer(queued);
    } else lane.offerWhole(fit, update.session);
  }

  return {
    name: options.name,
    destination,
    enter(update) {
      if (audience === undefined) waiting.push(update);
      else pass(audience, update);
    },
    audienceId: () => audience?.id,
    idle: () => waiting.length === 0,
    size: () => waiting.reduce((sum, { items }) => sum + Math.max(1, items.length), 0),
    blocked: () => (audience === undefined ? search.blocked() : undefined),
    rejectWaiting(failure) {
      const updates = waiting;
      waiting = [];
      for (const queuedUpdate of updates) refuse(queuedUpdate, failure, options.ended);
    },
    dropRemoved() {
      const updates = waiting;
      waiting = updates.filter(({ work }) => work.origin.removed === undefined);
      for (const queuedUpdate of updates) {
        if (queuedUpdate.work.origin.removed !== undefined)
          refuse(queuedUpdate, queuedUpdate.work.origin.removed, options.ended);
      }
    },
    wake: () => search.wake(),
    close() {
      closed = true;
      search.close();
    },
  };
}

/** Ends them without an audience. */
export function refuse(
  { items, settled }: QueuedUpdate,
  failure: Failure,
  ended: AudienceLookupOptions['ended'],
): void {
  if (items.length === 0) settled({ kind: 'rejected', failure });
  for (const queued of items) ended(queued, { kind: 'rejected', failure });
}

function lacksValue({ valueBased }: ResolvedAudience, { operation, rows }: AudienceChange): boolean {
  return valueBased && operation !== 'remove' && rows.some((row) => row.LOOKALIKE_VALUE === undefined);
}

/** Meta: replace users: values and people without one can't be mixed, and an audience that isn't value-based has none. */
function withoutUselessValue({ valueBased }: ResolvedAudience, queued: QueuedChange<ChangeItem>): typeof queued {
  const { change } = queued;
  if (valueBased || change.operation !== 'replace') return queued;
  return { ...queued, change: { ...change, rows: change.rows.map(({ LOOKALIKE_VALUE: _, ...row }) => row) } };
}

const valueMissing: Failure = {
  code: 'VALUE_MISSING',
  field: 'value',
  message: 'The audience is value-based, and the person has no value.',
  fix: 'Map value to a number of at least 0.',
};
