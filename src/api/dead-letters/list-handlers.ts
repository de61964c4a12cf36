import type { DeadLetterBrowser } from '../../core/dead-letter-browser.ts';
import { ConnectorError } from '../../core/errors.ts';
import { type Handlers, type Refused, refuse } from '../server/handler.ts';
import { browse } from './browse.ts';
import { deadLetterMatcher, outlineMatcher } from './filter.ts';
import { createDeadLetterGroups } from './groups.ts';
import { createKnownGroups } from './known-groups.ts';
import { cursorOfText, cursorText } from './place-text.ts';
import { shownDeadLetter } from './shown-dead-letter.ts';

const defaultLimit = 50;
const mostOnPage = 200;
/** Whoever wants to go on gets a cursor. */
const mostLooked = 200_000;

/** The lists of dead letters. */
export function listHandlers(
  browser: DeadLetterBrowser,
  now: () => number,
): Handlers<'deadLetters' | 'deadLetterGroups'> {
  const known = createKnownGroups(browser, now);
  return {
    async deadLetters({ query, signal }) {
      const { limit = defaultLimit, cursor: text, ...filter } = query;
      if (limit < 1 || limit > mostOnPage) {
        return refuse(400, 'REQUEST_INVALID', `limit must be a number from 1 to ${mostOnPage}`);
      }
      const cursor = text === undefined ? undefined : cursorOfText(text);
      if (text !== undefined && cursor === undefined) {
        return refuse(400, 'REQUEST_INVALID', 'cursor is none that this API gave');
      }
      return orRefused(async () => {
        const replayed = await browser.replayedKeys();
        const matches = deadLetterMatcher(filter, replayed);
        const { letters, looked, next } = await browse({
          ...{ browser, cursor, mostLooked, signal },
          most: limit,
          mayChoose: outlineMatcher(filter, replayed),
          choose: (deadLetter, place) =>
            matches(deadLetter) ? shownDeadLetter(deadLetter, place, replayed) : undefined,
        });
        return {
          letters: letters.map(({ chosen }) => chosen),
          looked,
          ...(next !== undefined && { next: cursorText(next) }),
        };
      });
    },
    async deadLetterGroups({ query, signal }) {
      const { since, until, path, value, state, ...filter } = query;
      if ([since, until, path, value, state].every((each) => each === undefined)) {
        return orRefused(async () => {
          const { groups, looked } = await known.upToDate();
          return { groups: groups.groups(now(), filter), looked, complete: true };
        });
      }
      const groups = createDeadLetterGroups();
      return orRefused(async () => {
        const replayed = await browser.replayedKeys();
        const matches = deadLetterMatcher(query, replayed);
        const { looked, next } = await browse<never>({
          ...{ browser, mostLooked, signal },
          most: Number.POSITIVE_INFINITY,
          mayChoose: outlineMatcher(query, replayed),
          choose(deadLetter) {
            if (matches(deadLetter)) groups.add(deadLetter);
            return undefined;
          },
        });
        return { groups: groups.groups(now()), looked, complete: next === undefined };
      });
    },
  };
}

/** Where dead letters are kept may be away, or not there yet. */
export async function orRefused<T>(work: () => Promise<T>): Promise<T | Refused> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return refuse(503, error.code, `the dead letters can't be read: ${error.message}`);
  }
}
