import { Data } from '../../parts/data.tsx';
import { Empty, Waiting } from '../../parts/empty.tsx';
import { Spark } from '../../parts/spark.tsx';
import { Mark } from '../../parts/state.tsx';
import { Top } from '../../parts/top.tsx';
import { When } from '../../parts/when.tsx';
import { count, ratesAlike } from '../../lib/numbers.ts';
import type { Place } from '../../lib/router.ts';
import type { Destination, Destinations, Members, Status } from '../api-types.ts';
import { useApi } from '../api.ts';
import { needsSentence } from '../need-groups.ts';
import { HistoryCharts } from '../parts/history-charts.tsx';
import { MemberTable } from '../parts/member-table.tsx';
import { Needs } from '../parts/needs.tsx';
import { Source } from '../parts/source.tsx';
import { TargetTags } from '../parts/target-tags.tsx';
import { Way } from '../parts/way.tsx';
import { destinationPath } from '../places.ts';
import { sentenceCase } from '../words.ts';

interface OverviewPageProps {
  readonly place: Place;
  readonly status: Status | undefined;
  readonly members: Members | undefined;
}

/** Is it well? */
export function OverviewPage({ place, status, members }: OverviewPageProps) {
  const { value, error, again } = useApi<Destinations>('/destinations', 2000);
  if (status === undefined) return <Top title="Overview">Looking …</Top>;
  const said = sentenceOf(status);
  return (
    <>
      <Top title="Overview" actions={<TargetTags status={status} />} announce={status.state}>
        <Mark kind={status.state} /> <Data text={said} />
      </Top>
      {status.needs.length > 0 && <Needs needs={status.needs} said={said} changed={again} />}
      <section aria-label="Events in the last 24 hours">
        <h2>
          Events in the last 24 hours
          {status.lastDay.since === status.startedAt && (
            <span class="quiet">
              , counted since the start <When at={status.startedAt} />
            </span>
          )}
        </h2>
        <Way flow={status.lastDay} inFlight={status.inFlight.records} />
      </section>
      <HistoryCharts place={place} since={status.startedAt} />
      <section aria-label="Destinations">
        <h2>Destinations</h2>
        {value === undefined ? <Waiting error={error} /> : <DestinationTable destinations={value.destinations} />}
      </section>
      {members !== undefined && <MemberTable members={members} workers={status.workers !== undefined} />}
      <Source />
    </>
  );
}

/** What to do stands below it, with the button. */
function sentenceOf({ phase, needs, sentence }: Status): string {
  return (phase === 'running' ? needsSentence(needs) : undefined) ?? sentence;
}

function DestinationTable({ destinations }: { readonly destinations: readonly Destination[] }) {
  if (destinations.length === 0)
    return (
      <Empty>No destination is loaded. Put a file into the folder of the mappings; it is read when it changes.</Empty>
    );
  const rateOf = ratesAlike(destinations.map(({ rates }) => rates.delivered));
  return (
    <table class="folds">
      <thead>
        <tr>
          <th>Destination</th>
          <th>How it is</th>
          <th>Last 30 min</th>
          <th class="number">Now</th>
          <th class="number">Accepted</th>
          <th class="number">Set aside</th>
          <th>Last accepted</th>
        </tr>
      </thead>
      <tbody>
        {destinations.map(({ name, state, sentence, trouble, spark, lastDay, rates, lastDeliveredAt, testMode }) => (
          <tr key={name} class="pick">
            <td>
              <a href={destinationPath(name)} data-row>
                <Data text={name} />
              </a>{' '}
              {testMode && <span class="tag test">test mode</span>}
            </td>
            <td>
              <Mark kind={state} />{' '}
              {state === 'well' ? (
                'Well'
              ) : (
                <Data text={state === 'blocked' ? sentenceCase(trouble?.failure?.message ?? sentence) : sentence} />
              )}
            </td>
            <td class="shape">
              <Spark values={spark} label="Accepted by Meta a minute, in the last 30 minutes" />
            </td>
            <td class="number" data-label="now">
              {rateOf(rates.delivered)}
            </td>
            <td class="number" data-label="accepted">
              {count(lastDay.delivered)}
            </td>
            <td class="number" data-label="set aside">
              {count(lastDay.setAside)}
            </td>
            <td data-label="last">
              <When at={lastDeliveredAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
