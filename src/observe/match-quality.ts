import type { IdentifierStatus, IdentifierStatuses } from '../core/identifiers.ts';

/** How many events of a subscription ended how for one identifying field; together they are all its events. */
export type IdentifierCounts = Readonly<Record<IdentifierStatus | 'missing', number>>;

/** What identifies the people of one subscription's events. */
export interface SubscriptionQuality {
  readonly destination: string;
  readonly subscription: string;
  /** Events whose identifiers were read; people, where events hold lists of them. */
  readonly events: number;
  /** The keys that Meta matches people by, and those that events had besides. */
  readonly fields: ReadonlyMap<string, IdentifierCounts>;
}

/** Counts, per subscription, the events that carry each identifier. */
export interface MatchQuality {
  /**
   * One event, or one person of a list. A few additions: whatever is read off the counts is worked out when somebody
   * asks.
   *
   * @param keys What is reported also when nobody has it.
   */
  add(destination: string, subscription: string, statuses: IdentifierStatuses, keys: readonly string[]): void;
  /** In the order in which the subscriptions were first seen. */
  subscriptions(): readonly SubscriptionQuality[];
}

/**
 * What any event may say of the person behind it (Meta, customer information parameters), the most telling first:
 * reported also when no event has it. What only some events can have (a lead's id, the ids of a messenger) is
 * reported where it was seen.
 */
export const matchKeys = [
  'em',
  'ph',
  'external_id',
  'fbc',
  'fbp',
  'client_ip_address',
  'client_user_agent',
  'madid',
  'fn',
  'ln',
  'db',
  'ge',
  'ct',
  'st',
  'zp',
  'country',
] as const;

/** The same for audiences (Meta: custom audiences, hashing and normalization). */
export const audienceMatchKeys = matchKeys.filter((key) => !/^(fb[cp]|client_.*)$/.test(key));

type Counting = Record<IdentifierStatus, number>;

interface EventCounts {
  events: number;
  readonly keys: readonly string[];
  readonly fields: Map<string, Counting>;
}

export function createMatchQuality(): MatchQuality {
  const counts = new Map<string, Map<string, EventCounts>>();

  function countsFor(destination: string, subscription: string, keys: readonly string[]): EventCounts {
    const known = counts.get(destination)?.get(subscription);
    if (known !== undefined) return known;
    const counted: EventCounts = { events: 0, keys, fields: new Map() };
    const ofDestination = counts.get(destination) ?? new Map<string, EventCounts>();
    counts.set(destination, ofDestination.set(subscription, counted));
    return counted;
  }

  return {
    add(destination, subscription, statuses, keys) {
      const counted = countsFor(destination, subscription, keys);
      counted.events += 1;
      for (const field in statuses) {
        const status = statuses[field];
        if (status === undefined) continue;
        const counting = counted.fields.get(field);
        if (counting === undefined) counted.fields.set(field, { ...nothing, [status]: 1 });
        else count(counting, status);
      }
    },
    subscriptions() {
      return [...counts].flatMap(([destination, subscriptions]) =>
        [...subscriptions].map(([subscription, counted]) => ({
          destination,
          subscription,
          events: counted.events,
          fields: countsOf(counted),
        })),
      );
    },
  };
}

/** `counting[status] += 1`, a dozen times for each event: named, it is no search. */
function count(counting: Counting, status: IdentifierStatus): void {
  if (status === 'hashed') counting.hashed += 1;
  else if (status === 'plain') counting.plain += 1;
  else counting[status] += 1;
}

const nothing: Counting = { hashed: 0, passed: 0, plain: 0, unusable: 0, junk: 0 };

function countsOf({ events, keys, fields }: EventCounts): ReadonlyMap<string, IdentifierCounts> {
  const names = new Set<string>([...keys, ...fields.keys()]);
  return new Map(
    [...names].map((name) => {
      const counting = fields.get(name) ?? nothing;
      const seen = Object.values(counting).reduce((sum, count) => sum + count, 0);
      return [name, { ...counting, missing: events - seen }];
    }),
  );
}
