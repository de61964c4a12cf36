import type { MembershipChange } from './audience.ts';
import { rowChangeOf } from './row-change.ts';

/** The words of the products that send memberships; those of databases are `rowChangeOf`. Blanks and `_` count as `-`. */
const words: ReadonlyMap<unknown, MembershipChange> = new Map([
  ...['add', 'enter', 'entered', 'join', 'joined', 'rejoined', 'member', 'true', 'yes', 'y', 't', '1', 'on'].map(toAdd),
  ...[
    'in',
    'enroll',
    'enrolled',
    'subscribe',
    'subscribed',
    'resubscribed',
    'opt-in',
    'opted-in',
    'optin',
    'in-cohort',
  ].map(toAdd),
  ...['exit', 'exited', 'leave', 'left', 'false', 'no', 'n', 'f', '0', 'off', 'out'].map(toRemove),
  ...[
    'unenrolled',
    'unsubscribe',
    'unsubscribed',
    'opt-out',
    'opted-out',
    'optout',
    'nonmember',
    'not-in-cohort',
    'out-of-cohort',
  ].map(toRemove),
]);

/** What a word, a number or a boolean says of somebody's membership; undefined: nothing that is known. */
export function membershipWord(said: unknown): MembershipChange | undefined {
  if (typeof said !== 'string' && typeof said !== 'number' && typeof said !== 'boolean') return undefined;
  const word = String(said)
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  const change = rowChangeOf(word);
  return change === undefined ? words.get(word) : change === 'deleted' ? 'remove' : 'add';
}

function toAdd(word: string): [string, MembershipChange] {
  return [word, 'add'];
}

function toRemove(word: string): [string, MembershipChange] {
  return [word, 'remove'];
}
