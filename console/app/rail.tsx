import { Data } from '../parts/data.tsx';
import { Icon } from '../parts/icons.tsx';
import { Mark } from '../parts/state.tsx';
import { shortCount } from '../lib/numbers.ts';
import type { Place } from '../lib/router.ts';
import type { Destinations, Members, Status } from './api-types.ts';
import { destinationPath, places } from './places.ts';
import { useApi } from './api.ts';

/** The pages and the destinations, beside every page; at the foot who answers. */
export function Rail({ place, status }: { readonly place: Place; readonly status: Status | undefined }) {
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
      {status !== undefined && <Foot status={status} />}
    </nav>
  );
}

function isAt(path: string, place: string): boolean {
  return place === '/' ? path === '/' : path === place || path.startsWith(`${place}/`);
}

const targets = { meta: 'Sends to Meta', sandbox: 'Sends to the sandbox', other: 'Sends to another address' };

function Foot({ status }: { readonly status: Status }) {
  const { value } = useApi<Members>('/members', 15_000);
  const others = value?.members.filter(({ self }) => !self) ?? [];
  return (
    <div class="foot">
      <span title={status.target.url}>{targets[status.target.kind]}</span>
      <span>
        <Data text={status.member.id} />, version {status.build.version}
      </span>
      {others.map(({ id, url, state }) => (
        <span key={id}>
          <Mark kind={state} /> {url === undefined ? <Data text={id} /> : <a href={url}>{id}</a>}
        </span>
      ))}
    </div>
  );
}
