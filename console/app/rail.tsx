import { Data } from '../parts/data.tsx';
import { Icon } from '../parts/icons.tsx';
import { Mark } from '../parts/state.tsx';
import { shortCount } from '../lib/numbers.ts';
import type { Place } from '../lib/router.ts';
import type { Destinations, Members, Status } from './api-types.ts';
import { Foot } from './foot.tsx';
import { destinationPath, places } from './places.ts';
import { useApi } from './api.ts';

interface RailProps {
  readonly place: Place;
  readonly status: Status | undefined;
  readonly members: Members | undefined;
}

/** The pages and the destinations, beside every page; at the foot who answers. */
export function Rail({ place, status, members }: RailProps) {
  const { value } = useApi<Destinations>('/destinations', 5000);
  return (
    <nav class="rail" aria-label="Pages">
      <a class="brand" href="/">
        <Icon name="brand" size={18} />
        meta-actions
      </a>
      <ul>
        {places.map(({ path, name, icon }) => (
          <li key={path}>
            <a class="place" href={path} aria-current={isAt(place.path, path) ? 'page' : undefined}>
              <Icon name={icon} />
              <span>{name}</span>
              {path === '/dead-letters' && status !== undefined && status.lastDay.setAside > 0 && (
                <span class="count" title="set aside in the last 24 hours">
                  {shortCount(status.lastDay.setAside)}
                </span>
              )}
            </a>
            {path === '/' && value !== undefined && (
              <ul class="nested">
                {value.destinations.map(({ name: destination, state }) => (
                  <li key={destination}>
                    <a
                      class="place"
                      href={destinationPath(destination)}
                      aria-current={place.path === destinationPath(destination) ? 'page' : undefined}
                    >
                      <Mark kind={state} />
                      <Data text={destination} />
                      <span class="hidden-visually">: {state}</span>
                    </a>
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
      {status !== undefined && <Foot status={status} members={members} />}
    </nav>
  );
}

function isAt(path: string, place: string): boolean {
  return place === '/' ? path === '/' : path === place || path.startsWith(`${place}/`);
}
