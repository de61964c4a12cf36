import { useEffect, useState } from 'preact/hooks';
import { go, type Place, withQuery } from '../../lib/router.ts';
import type { Destinations } from '../api-types.ts';
import { useApi } from '../api.ts';
import { spans } from '../dead-letter-filter.ts';

const typingMillis = 350;

/** What to look for; everything is kept in the page's address. */
export function DeadLetterFilters({ place }: { readonly place: Place }) {
  const asked = place.query.get('q') ?? '';
  const [text, setText] = useState(asked);
  const { value } = useApi<Destinations>('/destinations');
  useEffect(() => setText(asked), [asked]);
  useEffect(() => {
    if (text === asked) return undefined;
    const timer = setTimeout(() => go(withQuery(place, { q: text }), 'replace'), typingMillis);
    return () => clearTimeout(timer);
  }, [text, asked, place]);
  const choose = (name: string) => (event: { readonly currentTarget: HTMLSelectElement }) =>
    go(withQuery(place, { [name]: event.currentTarget.value }));
  const code = place.query.get('code');
  return (
    <search class="filters">
      <input
        type="search"
        data-search
        aria-label="Search in the events"
        placeholder="Search: any text, or properties.order_id = 17"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <select aria-label="Destination" value={place.query.get('destination') ?? ''} onChange={choose('destination')}>
        <option value="">All destinations</option>
        {value?.destinations.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <select aria-label="Replayed" value={place.query.get('state') ?? ''} onChange={choose('state')}>
        <option value="">Replayed or not</option>
        <option value="open">Not replayed</option>
        <option value="replayed">Replayed</option>
      </select>
      <select aria-label="Time" value={place.query.get('span') ?? ''} onChange={choose('span')}>
        <option value="">Any time</option>
        {Object.entries(spans).map(([word, { name }]) => (
          <option key={word} value={word}>
            {name}
          </option>
        ))}
      </select>
      {code !== null && (
        <a class="button" href={withQuery(place, { code: undefined })}>
          {code} <span aria-hidden="true">×</span>
          <span class="hidden-visually">: show all codes</span>
        </a>
      )}
    </search>
  );
}
