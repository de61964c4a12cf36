import type { DeadLetter } from '../../core/dead-letter.ts';
import type { AnswerOf } from '../server/handler.ts';
import { wordsOf } from './words.ts';

type Group = AnswerOf<'deadLetterGroups'>['groups'][number];
type Growing = { -readonly [K in keyof Group]: Group[K] } & { hours: number[] };

const hours = 24;
const hourMillis = 3_600_000;
/** Names of subscriptions in letters may be anything. */
const mostGroups = 1_000;

/** Dead letters by code, destination and subscription. */
export interface DeadLetterGroups {
  /** The newest first. */
  add(deadLetter: DeadLetter): void;
  /** The largest first. */
  groups(): readonly Group[];
}

export function createDeadLetterGroups(now: number): DeadLetterGroups {
  const groups = new Map<string, Growing>();

  return {
    add(deadLetter) {
      const { failure, destination, subscription, at } = deadLetter;
      const key = JSON.stringify([failure.code, destination, subscription]);
      let group = groups.get(key);
      if (group === undefined) {
        if (groups.size >= mostGroups) return;
        group = {
          code: failure.code,
          count: 0,
          message: failure.message,
          firstAt: at,
          lastAt: at,
          hours: new Array<number>(hours).fill(0),
          ...(destination !== undefined && { destination }),
          ...(subscription !== undefined && { subscription }),
          fix: wordsOf(deadLetter).todo,
        };
        groups.set(key, group);
      }
      group.count += 1;
      group.firstAt = Math.min(group.firstAt, at);
      if (at > group.lastAt) {
        group.lastAt = at;
        group.message = failure.message;
      }
      const hour = hours - 1 - Math.floor((now - at) / hourMillis);
      if (hour >= 0 && hour < hours) group.hours[hour] = (group.hours[hour] ?? 0) + 1;
    },
    groups: () => [...groups.values()].sort((a, b) => b.count - a.count || a.code.localeCompare(b.code)),
  };
}
