import type { ErasedDeadLetters, ErasedParked } from '../core/erased-dead-letter.ts';
import type { ErasedAtMeta } from './erase-at-meta.ts';

/** What an erasure did, for the file of whoever asked for it. Nothing of the people is in it. */
export interface Receipt {
  /** ISO 8601. */
  readonly at: string;
  readonly people: number;
  /** Lines of the file by whom nobody can be found. */
  readonly unusable: readonly number[];
  readonly meta: readonly ErasedAtMeta[];
  /** By place: `topic:NAME` or `file:PATH`. */
  readonly places: readonly ErasedPlace[];
  /** People of whom no place held anything. */
  readonly foundNowhere: number;
  readonly notes: readonly string[];
  /** Everything was done that could be found. */
  readonly complete: boolean;
}

export type ErasedPlace = { readonly place: string } & (
  | ErasedDeadLetters
  | ErasedParked
  | { readonly failure: string }
);

export function receiptText(receipt: Receipt): string {
  const { people, unusable } = receipt;
  return [
    `erasure of ${people} people at ${receipt.at}`,
    ...(unusable.length === 0
      ? []
      : [`  ${unusable.length} rows name nobody, and were left out: lines ${some(unusable)}`]),
    ...receipt.meta.map(metaLine),
    ...receipt.places.map(placeLine),
    deadLettersLine(receipt),
    ...receipt.notes.map((note) => `  ${note}`),
    receipt.complete ? 'done' : 'NOT complete: see above, and run it again; what is done already does no harm twice',
  ].join('\n');
}

function deadLettersLine({ people, places, foundNowhere }: Receipt): string {
  if (places.length === 0) return '  no dead letters were looked at: name them with --from, or set KAFKA_BROKERS';
  return `  in no letter: ${foundNowhere} of ${people} people; Meta doesn't tell whom it knew`;
}

function metaLine({ adAccount, requests, taken, invalid, failure }: ErasedAtMeta): string {
  const counts = Object.entries(taken).map(([key, count]) => `${count} ${key}`);
  const asked = counts.length === 0 ? 'nothing was asked' : `Meta took ${counts.join(', ')} in ${requests} requests`;
  const bad = invalid === 0 ? '' : `, of which it found ${invalid} invalid`;
  const end = failure === undefined ? '' : `; then it failed: ${failure}`;
  return `  ad account ${adAccount}: ${asked}${bad}${end}`;
}

function placeLine(erased: ErasedPlace): string {
  if ('failure' in erased) return `  ${erased.place}: ${erased.failure}`;
  if ('removed' in erased) return `  ${erased.place}: ${erased.removed} of ${erased.read} parked records removed`;
  const { place, read, erased: emptied, replayedKeys } = erased;
  return `  ${place}: ${emptied} of ${read} letters emptied, ${replayedKeys} marks of replays removed`;
}

const shown = 20;

function some(lines: readonly number[]): string {
  return `${lines.slice(0, shown).join(', ')}${lines.length > shown ? ', …' : ''}`;
}
