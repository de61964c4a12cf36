import { useMemo } from 'preact/hooks';
import { Chart } from '../../parts/chart.tsx';
import { Data } from '../../parts/data.tsx';
import { Empty, Waiting } from '../../parts/empty.tsx';
import { Mark } from '../../parts/state.tsx';
import { When } from '../../parts/when.tsx';
import { count, plural } from '../../lib/numbers.ts';
import { RequestError } from '../../lib/request.ts';
import type { Place } from '../../lib/router.ts';
import type { Audience, AudienceHistory, DeadLetters } from '../api-types.ts';
import { address, at, useApi } from '../api.ts';
import { drawnChanges } from '../history.ts';
import { deadLetterPath, destinationPath } from '../places.ts';
import { firstSentence } from '../words.ts';
import { rangeOf, TimeRange } from './time-range.tsx';

interface AudienceDetailProps {
  readonly audience: Audience;
  readonly place: Place;
  /** When the process started. */
  readonly since: number | undefined;
}

/** One audience: who joined and left over time, what waits, and what Meta refused last. */
export function AudienceDetail({ audience, place, since = 0 }: AudienceDetailProps) {
  const { id, name, destination, rejected } = audience;
  return (
    <section aria-label="The audience">
      <div class="head">
        <h2>
          <Data text={name ?? id} />
        </h2>
        <TimeRange place={place} />
      </div>
      <div class="charts">
        {id === '' ? (
          <Empty>It is being looked for at Meta. Its changes wait for that; none is lost.</Empty>
        ) : (
          <Changes key={`${destination} ${id}`} audience={audience} place={place} since={since} />
        )}
        <div>
          <Facts audience={audience} />
          {rejected > 0 && <Refused audience={audience} />}
        </div>
      </div>
    </section>
  );
}

function Changes({ audience: { destination, id }, place, since = 0 }: AudienceDetailProps) {
  const range = rangeOf(place);
  const path = address(at('audiences', destination, id, 'history'), { range });
  const { value, error } = useApi<AudienceHistory>(path, range === '10m' ? 2000 : 30_000);
  const changes = useMemo(() => value && drawnChanges(value, since), [value, since]);
  if (changes === undefined) {
    if (error instanceof RequestError && error.status === 404)
      return <Empty>Nobody joined or left it since the start. When somebody does, it is drawn here.</Empty>;
    return <Waiting error={error} />;
  }
  return (
    <Chart
      label="Who joined and left, over time"
      times={changes.times}
      series={[
        { name: 'joined', values: changes.joins, colour: 'text', bars: true },
        { name: 'left', values: changes.leaves, colour: 'quiet', bars: true },
      ]}
      format={(value) => count(Math.abs(value))}
    />
  );
}

function Facts({ audience }: { readonly audience: Audience }) {
  const { id, url, destination, operation, sizeAt, waiting, lastFlushAt, state, sentence } = audience;
  return (
    <dl class="facts">
      <dt>How it is</dt>
      <dd>
        <Mark kind={state} /> <Data text={sentence} />
      </dd>
      <dt>Waiting</dt>
      <dd>{waiting === 0 ? 'nobody' : plural(waiting, 'change, of one person', 'changes, each of one person')}</dd>
      <dt>Last change</dt>
      <dd>
        <When at={lastFlushAt} />
      </dd>
      {operation !== undefined && (
        <>
          <dt>Meta says</dt>
          <dd>
            <Data text={operation} />
            {sizeAt !== undefined && (
              <span class="quiet small">
                {' '}
                <When at={sizeAt} />
              </span>
            )}
          </dd>
        </>
      )}
      <dt>Destination</dt>
      <dd>
        <a href={destinationPath(destination)}>
          <Data text={destination} />
        </a>
      </dd>
      {id !== '' && (
        <>
          <dt>Id at Meta</dt>
          <dd>
            <code>{id}</code>
            {url !== undefined && (
              <>
                {' '}
                <a href={url} class="small">
                  in the Ads Manager
                </a>
              </>
            )}
          </dd>
        </>
      )}
    </dl>
  );
}

const shown = 3;

/** A dead letter doesn't say its audience: these are the newest ones of changes of the destination's audiences. */
function Refused({ audience: { destination, rejected } }: { readonly audience: Audience }) {
  const { value } = useApi<DeadLetters>(address('/dead-letters', { destination, limit: 50 }), 10_000);
  const letters = value?.letters.filter(({ action = '' }) => action.startsWith('sync-audience')).slice(0, shown) ?? [];
  const all = `/dead-letters?${new URLSearchParams({ destination })}`;
  return (
    <>
      <h3 class="refused">
        {plural(rejected, 'change was', 'changes were')} refused · <a href={all}>all of {destination}</a>
      </h3>
      <ul class="letters">
        {letters.map(({ id, message, at: setAsideAt }) => (
          <li key={id}>
            <a href={deadLetterPath(id)}>
              <span>
                <Data text={firstSentence(message)} />
              </span>
              <span class="when">
                <When at={setAsideAt} />
              </span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
