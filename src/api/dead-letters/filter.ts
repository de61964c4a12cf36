import type { DeadLetter } from '../../core/dead-letter.ts';
import type { DeadLetterOutline } from '../../core/dead-letter-browser.ts';
import type { ReplayedKeys } from '../../core/replayed-keys.ts';
import type { deadLetterFilterShape } from '../contract/dead-letters.ts';
import type { Of } from '../contract/shape.ts';
import { createTextFilter } from './text-filter.ts';

export type DeadLetterFilter = Of<typeof deadLetterFilterShape>;

/** Whether a dead letter passes the filter. */
export function deadLetterMatcher(
  filter: DeadLetterFilter,
  replayed: ReplayedKeys,
): (deadLetter: DeadLetter) => boolean {
  const { code, destination, subscription, since, until, path, value, state } = filter;
  const codes = code === undefined ? undefined : new Set(code.split(','));
  const matchesText = createTextFilter(path, value);
  return (deadLetter) =>
    (codes === undefined || codes.has(deadLetter.failure.code)) &&
    (destination === undefined || deadLetter.destination === destination) &&
    (subscription === undefined || deadLetter.subscription === subscription) &&
    (since === undefined || deadLetter.at >= since) &&
    (until === undefined || deadLetter.at < until) &&
    (matchesText === undefined || matchesText(deadLetter.record.value)) &&
    (state === undefined || (replayed.of(deadLetter) !== undefined) === (state === 'replayed'));
}

/** As far as it can be said without reading the dead letter. */
export function outlineMatcher(
  { code, destination, subscription, since, until, path, value, state }: DeadLetterFilter,
  replayed: Pick<ReplayedKeys, 'size'>,
) {
  const codes = code === undefined ? undefined : new Set(code.split(','));
  const matchesText = createTextFilter(path, value);
  return (outline: DeadLetterOutline): boolean =>
    (codes === undefined || codes.has(outline.code)) &&
    (destination === undefined || outline.destination === destination) &&
    (subscription === undefined || outline.subscription === subscription) &&
    (since === undefined || outline.at >= since) &&
    (until === undefined || outline.at < until) &&
    (state !== 'replayed' || replayed.size > 0) &&
    (matchesText === undefined || matchesText(outline.value));
}
