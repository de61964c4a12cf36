import { Data } from '../../parts/data.tsx';
import { Waiting } from '../../parts/empty.tsx';
import { Mark } from '../../parts/state.tsx';
import { Top } from '../../parts/top.tsx';
import { When } from '../../parts/when.tsx';
import { RequestError } from '../../lib/request.ts';
import type { Place } from '../../lib/router.ts';
import type { Destination, Lanes, Status, Subscriptions } from '../api-types.ts';
import { address, at, useApi } from '../api.ts';
import { needsSentence } from '../need-groups.ts';
import { Coverage } from '../parts/coverage.tsx';
import { HistoryCharts } from '../parts/history-charts.tsx';
import { HoldButtons } from '../parts/hold-buttons.tsx';
import { LaneTable } from '../parts/lane-table.tsx';
import { Needs } from '../parts/needs.tsx';
import { Outcomes } from '../parts/outcomes.tsx';
import { SubscriptionTable } from '../parts/subscription-table.tsx';

interface DestinationPageProps {
  readonly place: Place;
  readonly name: string;
  readonly status: Status | undefined;
}

const everyMillis = 2000;

/** One destination: how it is, what became of its events, and the levers. */
export function DestinationPage({ place, name, status }: DestinationPageProps) {
  const { value, error, again } = useApi<Destination>(at('destinations', name), everyMillis);
  const subscriptions = useApi<Subscriptions>(address('/subscriptions', { destination: name }), everyMillis);
  const lanes = useApi<Lanes>('/lanes', everyMillis);
  if (value === undefined) {
    const isUnknown = error instanceof RequestError && error.status === 404;
    return (
      <>
        <Top title={name}>
          {isUnknown ? (
            <>
              There is no destination <Data text={name} />.
            </>
          ) : (
            'Looking …'
          )}
        </Top>
        {!isUnknown && <Waiting error={error} />}
      </>
    );
  }
  // That it is paused, and the button to resume it, stand in its heading.
  const needs =
    status?.needs.filter(({ destination, state, lane }) => {
      return destination === name && (state !== 'paused' || lane !== undefined);
    }) ?? [];
  const said = needsSentence(needs) ?? `${name}. ${value.sentence}`;
  return (
    <>
      <Top
        title={name}
        announce={value.state}
        after={<About destination={value} />}
        actions={<HoldButtons destination={value} changed={again} />}
      >
        <Mark kind={value.state} /> <Data text={said} />
      </Top>
      {value.testMode && (
        <p class="notice">
          <strong class="blocked">Test mode.</strong> Events of this destination carry a <code>test_event_code</code>:
          Meta shows them in the Events Manager under Test events. Take the code out in production.
        </p>
      )}
      {needs.length > 0 && <Needs needs={needs} said={said} changed={again} />}
      <HistoryCharts place={place} destination={name} since={status?.startedAt} />
      <section aria-label="Subscriptions">
        <h2>Subscriptions</h2>
        {subscriptions.value === undefined ? (
          <Waiting error={subscriptions.error} />
        ) : (
          <SubscriptionTable subscriptions={subscriptions.value.subscriptions} />
        )}
      </section>
      <Outcomes destination={value} />
      <LaneTable lanes={lanes.value?.lanes.filter(({ destination }) => destination === name) ?? []} />
      <Coverage place={place} destination={name} />
    </>
  );
}

function About({ destination }: { readonly destination: Destination }) {
  const { pixelId, adAccountId, apiVersion, file, versionDaysLeft, lastDeliveredAt } = destination;
  return (
    <>
      {pixelId !== undefined && <>Dataset {pixelId} · </>}
      {adAccountId !== undefined && <>Ad account {adAccountId.replace(/^act_/, '')} · </>}
      Graph API {apiVersion}
      {versionDaysLeft !== undefined && ` (${Math.floor(versionDaysLeft)} days left)`} · <Data text={file} mono /> ·
      last accepted <When at={lastDeliveredAt} />
    </>
  );
}
