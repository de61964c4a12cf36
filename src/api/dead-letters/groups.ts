import type { DeadLetter } from '../../core/dead-letter.ts';
import type { AnswerOf } from '../server/handler.ts';
import { wordsOf } from './words.ts';

type Shown = AnswerOf<'deadLetterGroups'>['groups'][number];

interface Group {
  readonly code: string;
  readonly destination: string | undefined;
  readonly subscription: string | undefined;
  readonly fix: string;
  count: number;
  message: string;
  firstAt: number;
  lastAt: number;
  /** By hour since 1970. */
  readonly hours: Map<number, number>;
}

export interface GroupFilter {
  readonly code?: string;
  readonly destination?: string;
  readonly subscription?: string;
}

const shownHours = 24;
const hourMillis = 3_600_000;
/** Names of subscriptions in dead letters may be anything. */
const mostGroups = 1_000;

/** Dead letters by code, destination and subscription, in any order. */
export interface DeadLetterGroups {
  add(deadLetter: DeadLetter): void;
  /** The largest first. */
  groups(now: number, filter?: GroupFilter): readonly Shown[];
}

export function createDeadLetterGroups(): DeadLetterGroups {
  const groups = new Map<string, Group>();

  function groupOf(deadLetter: DeadLetter): Group | undefined {
    const { failure, destination, subscription, at } = deadLetter;
    const { code, message } = failure;
    const key = `${code}\n${destination ?? ''}\n${subscription ?? ''}`;
    const known = groups.get(key);
    if (known !== undefined || groups.size >= mostGroups) return known;
    const fix = wordsOf(deadLetter).todo;
    const group = {
      code,
      destination,
      subscription,
      fix,
      count: 0,
      message,
      firstAt: at,
      lastAt: at,
      hours: new Map(),
    };
    groups.set(key, group);
    return group;
  }

  return {
    add(deadLetter) {
      const group = groupOf(deadLetter);
      if (group === undefined) return;
      const { at, failure } = deadLetter;
      group.count += 1;
      group.firstAt = Math.min(group.firstAt, at);
      if (at >= group.lastAt) {
        group.lastAt = at;
        group.message = failure.message;
      }
      const hour = Math.floor(at / hourMillis);
      group.hours.set(hour, (group.hours.get(hour) ?? 0) + 1);
      // They come in any order.
      if (group.hours.size > 2 * shownHours) group.hours.delete(Math.min(...group.hours.keys()));
    },
    groups(now, filter = {}) {
      const codes = filter.code === undefined ? undefined : new Set(filter.code.split(','));
      return [...groups.values()]
        .filter(
          ({ code, destination, subscription }) =>
            (codes === undefined || codes.has(code)) &&
            (filter.destination === undefined || destination === filter.destination) &&
            (filter.subscription === undefined || subscription === filter.subscription),
        )
        .map((group) => shown(group, now))
        .sort((a, b) => b.count - a.count || a.code.localeCompare(b.code));
    },
  };
}

function shown({ hours, destination, subscription, ...group }: Group, now: number): Shown {
  const first = Math.floor(now / hourMillis) - shownHours + 1;
  return {
    ...group,
    hours: Array.from({ length: shownHours }, (_, index) => hours.get(first + index) ?? 0),
    ...(destination !== undefined && { destination }),
    ...(subscription !== undefined && { subscription }),
  };
}
