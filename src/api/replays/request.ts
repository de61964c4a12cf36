import type { DeadLetter } from '../../core/dead-letter.ts';
import type { DeadLetterBrowser } from '../../core/dead-letter-browser.ts';
import { deadLetterKey } from '../../core/dead-letter-key.ts';
import { deadLetterMatcher } from '../dead-letters/filter.ts';
import { placeOfId } from '../dead-letters/place-text.ts';
import { type Call, type Refused, refuse } from '../server/handler.ts';

export type ReplayRequest = Call<'startReplay'>['body'];

const mostIds = 1_000;

/** Which dead letters a request means. */
export async function requestMatcher(
  { filter = {}, ids }: ReplayRequest,
  browser: DeadLetterBrowser,
  signal: AbortSignal,
): Promise<((deadLetter: DeadLetter) => boolean) | Refused> {
  const passes = deadLetterMatcher(filter, await browser.replayedKeys());
  if (ids === undefined) return passes;
  if (ids.length > mostIds) return refuse(400, 'REQUEST_INVALID', `ids may be at most ${mostIds}; use filter`);
  const keys = new Set<string>();
  for (const id of ids) {
    const place = placeOfId(id);
    const found = place === undefined ? undefined : await browser.find(place, signal);
    if (found === undefined) return refuse(400, 'NO_LETTER', 'one of the ids is that of no dead letter');
    keys.add(deadLetterKey(found));
  }
  return (deadLetter) => keys.has(deadLetterKey(deadLetter)) && passes(deadLetter);
}
