import { render } from 'preact';
import { useState } from 'preact/hooks';
import { listKeys, useKeys } from '../lib/keys.ts';
import { followLinks, partsOf, type Place, usePlace } from '../lib/router.ts';
import { Icon, type IconName } from '../parts/icons.tsx';
import { KeyHelp } from '../parts/key-help.tsx';
import { AudiencesPage } from './pages/audiences.tsx';
import { EventsPage } from './pages/events.tsx';
import { FaultsPage } from './pages/faults.tsx';
import { RequestsPage } from './pages/requests.tsx';
import { base } from './sandbox-api.ts';

const places: readonly {
  readonly path: string;
  readonly name: string;
  readonly icon: IconName;
  readonly key: string;
}[] = [
  { path: base, name: 'Requests', icon: 'requests', key: 'r' },
  { path: `${base}/page/events`, name: 'Events', icon: 'deadLetters', key: 'e' },
  { path: `${base}/page/audiences`, name: 'Audiences', icon: 'audiences', key: 'a' },
  { path: `${base}/page/faults`, name: 'Faults', icon: 'faults', key: 'f' },
];
const pathByKey = Object.fromEntries(places.map(({ key, path }) => [key, path]));
const shortcuts = [
  {
    keys: `g ${places.map(({ key }) => key).join(' ')}`,
    does: `go to ${places.map(({ name }) => name).join(', ')}`,
  },
  ...listKeys.filter(({ keys }) => keys !== 'r'),
];

function App() {
  const place = usePlace();
  const [help, setHelp] = useState(false);
  useKeys(pathByKey, setHelp);
  const [, , page] = partsOf(place.path);
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <nav class="rail" aria-label="Pages">
        <a class="brand" href={base}>
          <Icon name="brand" size={18} />
          Sandbox
        </a>
        <ul>
          {places.map(({ path, name, icon }) => (
            <li key={path}>
              <a class="place" href={path} aria-current={isAt(place, path) ? 'page' : undefined}>
                <Icon name={icon} />
                <span>{name}</span>
              </a>
            </li>
          ))}
        </ul>
        <div class="foot">
          <span>A Graph API on this machine.</span>
          <span>Nothing is sent to Meta.</span>
        </div>
      </nav>
      <main id="main" tabIndex={-1}>
        <Page page={page} place={place} />
      </main>
      {help && <KeyHelp shortcuts={shortcuts} close={() => setHelp(false)} />}
    </div>
  );
}

function Page({ page, place }: { readonly page: string | undefined; readonly place: Place }) {
  switch (page) {
    case 'events':
      return <EventsPage place={place} />;
    case 'audiences':
      return <AudiencesPage place={place} />;
    case 'faults':
      return <FaultsPage />;
    default:
      return <RequestsPage place={place} />;
  }
}

function isAt({ path }: Place, to: string): boolean {
  return path.replace(/\/$/, '') === to;
}

followLinks((path) => path === base || path === `${base}/` || path.startsWith(`${base}/page/`));
document.querySelector('noscript')?.remove();
render(<App />, document.body);
