import { render } from 'preact';
import { useState } from 'preact/hooks';
import { listKeys, useKeys } from '../lib/keys.ts';
import { followLinks, partsOf, type Place, usePlace } from '../lib/router.ts';
import { KeyHelp } from '../parts/key-help.tsx';
import { Top } from '../parts/top.tsx';
import { useApi } from './api.ts';
import type { Members, Status } from './api-types.ts';
import { Foot } from './foot.tsx';
import { AudiencesPage } from './pages/audiences.tsx';
import { DeadLettersPage } from './pages/dead-letters.tsx';
import { DestinationPage } from './pages/destination.tsx';
import { LivePage } from './pages/live.tsx';
import { OverviewPage } from './pages/overview.tsx';
import { WorkbenchPage } from './pages/workbench.tsx';
import { pathByKey, places } from './places.ts';
import { Rail } from './rail.tsx';
import { MissingWorkers } from './parts/missing-workers.tsx';

const shortcuts = [
  {
    keys: `g ${places.map(({ key }) => key).join(' ')}`,
    does: `go to ${places.map(({ name }) => name).join(', ')}`,
  },
  ...listKeys,
];

interface PageProps {
  readonly place: Place;
  readonly status: Status | undefined;
  readonly members: Members | undefined;
}

function App() {
  const place = usePlace();
  const [help, setHelp] = useState(false);
  useKeys(pathByKey, setHelp);
  const status = useApi<Status>('/status', 2000);
  const members = useApi<Members>('/members', 10_000);
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <Rail place={place} status={status.value} members={members.value} />
      <main id="main" tabIndex={-1}>
        {status.error !== undefined && (
          <p class="notice" role="alert">
            {status.error.message} What you see is of the last answer.
          </p>
        )}
        {status.value !== undefined && place.path !== '/' && <MissingWorkers status={status.value} />}
        <Page place={place} status={status.value} members={members.value} />
        {status.value !== undefined && <Foot status={status.value} members={members.value} />}
      </main>
      {help && <KeyHelp shortcuts={shortcuts} close={() => setHelp(false)} />}
    </div>
  );
}

function Page({ place, status, members }: PageProps) {
  const [page, name, id] = partsOf(place.path);
  switch (page) {
    case undefined:
      return <OverviewPage place={place} status={status} members={members} />;
    case 'destinations':
      return <DestinationPage place={place} name={name ?? ''} status={status} />;
    case 'audiences':
      return <AudiencesPage place={place} chosen={[name, id]} status={status} />;
    case 'dead-letters':
      return <DeadLettersPage place={place} id={name} status={status} />;
    case 'workbench':
      return <WorkbenchPage place={place} status={status} />;
    case 'live':
      return <LivePage place={place} />;
    default:
      return <Top title="Nothing here">There is no page of this address.</Top>;
  }
}

followLinks((path) => !path.startsWith('/api/') && !['/metrics', '/readyz', '/livez'].includes(path));
document.querySelector('noscript')?.remove();
render(<App />, document.body);
