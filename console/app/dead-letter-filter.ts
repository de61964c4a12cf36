import type { Place } from '../lib/router.ts';
import { searchOf } from './search-text.ts';
import type { DeadLetterFilter } from './api-types.ts';

/** How far back dead letters are looked at, by the word in the page's address. */
export const spans: Readonly<Record<string, { readonly name: string; readonly millis: number }>> = {
  '1h': { name: 'Last hour', millis: 3_600_000 },
  '24h': { name: 'Last 24 hours', millis: 86_400_000 },
  '7d': { name: 'Last 7 days', millis: 7 * 86_400_000 },
};

const states = ['open', 'replayed'] as const;

/** The filter that the page's address says, as the API takes it. */
export function deadLetterFilter({ query }: Place, now: number): DeadLetterFilter {
  const span = spans[query.get('span') ?? ''];
  const given = (name: string) => query.get(name) ?? undefined;
  // By the minute, so that a page that looks again asks the same.
  const since = span === undefined ? undefined : Math.floor((now - span.millis) / 60_000) * 60_000;
  const { path, value } = searchOf(query.get('q') ?? '');
  const filter = {
    code: given('code'),
    destination: given('destination'),
    subscription: given('subscription'),
    state: states.find((state) => state === given('state')),
    since,
    path,
    value,
  };
  return Object.fromEntries(Object.entries(filter).filter(([, each]) => each !== undefined));
}

export function isFiltered(filter: DeadLetterFilter): boolean {
  return Object.keys(filter).length > 0;
}
