import type { AudienceChange, AudienceUpdate } from '../../core/audience.ts';
import type { Failure } from '../../core/outcome.ts';
import type { Destination } from '../../core/subscription.ts';
import type { Blockage } from '../lane.ts';
import type { AudienceSearch, ChangeItem, ResolvedAudience } from './audiences.ts';
import type { QueuedChange } from './flush-queue.ts';
import type { AudienceLane, ChangeEnd } from './lane.ts';

export interface AudienceDoorOptions {
  readonly name: string;
  readonly destination: Destination;
  readonly search: AudienceSearch;
  aborted(): boolean;
  lane(audience: ResolvedAudience): AudienceLane<ChangeItem>;
  ended(queued: QueuedChange<ChangeItem>, end: ChangeEnd): void;
  failed(error: unknown): void;
}

/** Changes of one audience, as it is called in one place. */
export interface Entering {
  readonly update: AudienceUpdate;
  readonly items: readonly QueuedChange<ChangeItem>[];
  /** Called where there are no changes, once the audience is there, or nobody waits for it any more. */
  settled(end: ChangeEnd): void;
}

/** Where the changes of an audience wait, in order, until it is found; from then on they go straight to its lane. */
export interface AudienceDoor {
  readonly name: string;
  readonly destination: Destination;
  enter(entering: Entering): void;
  /** Undefined: it isn't found yet. */
  audienceId(): string | undefined;
  idle(): boolean;
  size(): number;
  blocked(): Blockage | undefined;
  turnAway(failure: Failure): void;
  wake(): void;
}

export function audienceDoor(options: AudienceDoorOptions): AudienceDoor {
  const { search } = options;
  let waiting: Entering[] = [];
  let audience: ResolvedAudience | undefined;

  search.found.then(
    (found) => {
      if (options.aborted()) return;
      audience = found;
      const entering = waiting;
      waiting = [];
      for (const one of entering) pass(found, one);
    },
    (error) => {
      if (!options.aborted()) options.failed(error);
    },
  );

  function pass(found: ResolvedAudience, { update, items, settled }: Entering): void {
    if (items.length === 0) {
      settled({ kind: 'delivered' });
      return;
    }
    const lane = options.lane(found);
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
    destination: options.destination,
    enter(entering) {
      if (audience === undefined) waiting.push(entering);
      else pass(audience, entering);
    },
    audienceId: () => audience?.id,
    idle: () => waiting.length === 0,
    size: () => waiting.reduce((sum, { items }) => sum + Math.max(1, items.length), 0),
    blocked: () => (audience === undefined ? search.blocked() : undefined),
    turnAway(failure) {
      const entering = waiting;
      waiting = [];
      for (const { items, settled } of entering) {
        if (items.length === 0) settled({ kind: 'rejected', failure });
        for (const queued of items) options.ended(queued, { kind: 'rejected', failure });
      }
    },
    wake: () => search.wake(),
  };
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
