import { Choices } from '../../parts/choices.tsx';
import { type Place, withQuery } from '../../lib/router.ts';

export type Range = '10m' | '24h';

/** How far back charts go, as the page's address says. */
export function rangeOf({ query }: Place): Range {
  return query.get('range') === '24h' ? '24h' : '10m';
}

export function TimeRange({ place }: { readonly place: Place }) {
  const range = rangeOf(place);
  return (
    <Choices
      label="Time range"
      choices={[
        { name: '10 min', to: withQuery(place, { range: undefined }), current: range === '10m' },
        { name: '24 h', to: withQuery(place, { range: '24h' }), current: range === '24h' },
      ]}
    />
  );
}
