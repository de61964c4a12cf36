/** Reader's words for codes and keys; the code itself stands behind them. */
import { count, plural } from '../lib/numbers.ts';
import { duration } from '../lib/times.ts';
import type { Audience, Lane, Partitions } from './api-types.ts';

/** `PURCHASE_CURRENCY_MISSING` → `Purchase currency missing`: what is said where there is no sentence. */
export function wordsOf(code: string): string {
  const words = code.replaceAll('_', ' ').toLowerCase();
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

const skipped: Readonly<Record<string, string>> = {
  trigger: 'matched no trigger',
  consent: 'without consent',
  integrations: 'switched off for this destination by the event',
  tombstone: 'empty records',
  sync_mode: 'not for this sync mode',
  no_membership: 'say nothing of a membership',
  event_not_mapped: 'named in no list',
  duplicate: 'came twice',
};

export function skippedWords(reason: string): string {
  return skipped[reason] ?? wordsOf(reason).toLowerCase();
}

/** Messages of ours begin small where they follow a name; here they stand by themselves. */
export function sentenceCase(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** The first sentence of a message without its stop: for lists. */
export function firstSentence(message: string): string {
  const [first = message] = message.split(/(?<=[^.]{12}[.:;])\s/, 1);
  return sentenceCase(first.replace(/[.:;]$/, ''));
}

export const outcomes: Readonly<
  Record<string, { readonly words: string; readonly state: 'well' | 'slowed' | 'blocked' | 'paused' }>
> = {
  sent: { words: 'sent', state: 'well' },
  rejected: { words: 'refused', state: 'blocked' },
  undecodable: { words: 'unreadable', state: 'blocked' },
  skipped: { words: 'left out', state: 'paused' },
  no_match: { words: 'no match', state: 'paused' },
};

/** Where the requests of a lane go, or what is held before they are made. */
export function laneTitle({ kind, name }: Pick<Lane, 'kind' | 'name'>): string {
  if (kind === 'conversions') return `dataset of ${name}`;
  return kind === 'subscription' ? `subscription ${name}` : name;
}

type Partition = Partitions['partitions'][number];

/** How far the reading is behind; of a file, whose positions are bytes, only what is in flight is known. */
export function behindText(partitions: readonly Pick<Partition, 'lag' | 'inFlight' | 'oldestAgeSeconds'>[]): string {
  const lag = partitions.reduce((sum, partition) => sum + (partition.lag ?? 0), 0);
  const inFlight = partitions.reduce((sum, partition) => sum + partition.inFlight, 0);
  const oldest = Math.max(...partitions.map(({ oldestAgeSeconds = 0 }) => oldestAgeSeconds));
  const isKnown = partitions.every((partition) => partition.lag !== undefined);
  const age = oldest === 0 ? '' : `, the oldest in flight ${duration(oldest * 1000)} old`;
  if (lag > 0) return `${isKnown ? '' : 'at least '}${plural(lag, 'record')} behind${age}`;
  return isKnown ? 'nothing waits' : `${plural(inFlight, 'record')} in flight${age}`;
}

/** Whether the changes of audiences arrive. */
export function audiencesSentence(
  audiences: readonly Pick<Audience, 'state' | 'waiting' | 'joins' | 'leaves'>[],
): string {
  if (audiences.length === 0) return 'No audience was changed yet.';
  const waiting = audiences.reduce((sum, each) => sum + each.waiting, 0);
  const waits = `${plural(waiting, 'change waits', 'changes wait')}, none is lost.`;
  const blocked = audiences.filter(({ state }) => state === 'blocked').length;
  if (blocked > 0) return `${plural(blocked, 'audience takes', 'audiences take')} no changes; ${waits}`;
  const slow = audiences.filter(({ state }) => state !== 'well').length;
  if (slow > 0) return `${plural(slow, 'audience is', 'audiences are')} paused or slowed down; ${waits}`;
  const [joins, leaves] = [sumOf(audiences, 'joins'), sumOf(audiences, 'leaves')];
  return `${plural(audiences.length, 'audience')} up to date: ${count(joins)} joined and ${count(leaves)} left since the start.`;
}

function sumOf(audiences: readonly Pick<Audience, 'joins' | 'leaves'>[], what: 'joins' | 'leaves'): number {
  return audiences.reduce((sum, each) => sum + each[what], 0);
}
