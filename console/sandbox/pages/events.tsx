import { Bar } from '../../parts/bar.tsx';
import { Data } from '../../parts/data.tsx';
import { Empty, Waiting } from '../../parts/empty.tsx';
import { Json } from '../../parts/json.tsx';
import { Top } from '../../parts/top.tsx';
import { count, percent, plural } from '../../lib/numbers.ts';
import { type Place, withQuery } from '../../lib/router.ts';
import { type StoredEvent, type Summary, useSandbox } from '../sandbox-api.ts';

const looked = 200;
const shown = 30;

/** What was accepted, by name. */
export function EventsPage({ place }: { readonly place: Place }) {
  const { value, error } = useSandbox<Summary>('/summary', 1500);
  const newest = useSandbox<{ readonly events: readonly StoredEvent[] }>(`/events?limit=${looked}`, 2000);
  const name = place.query.get('name');
  const named = value?.byName.toSorted((a, b) => b.accepted - a.accepted) ?? [];
  const events =
    newest.value?.events.toReversed().filter(({ event }) => name === null || event['event_name'] === name) ?? [];
  return (
    <>
      <Top title="Events">{value === undefined ? 'Looking …' : sentence(value)}</Top>
      {value === undefined ? (
        <Waiting error={error} />
      ) : named.length === 0 ? (
        <Empty>No event yet. What a connector sends to a dataset is counted here by its name.</Empty>
      ) : (
        <>
          <table>
            <thead>
              <tr>
                <th>Event</th>
                <th class="share">Share</th>
                <th class="number">Accepted</th>
                <th class="number">Repeated</th>
              </tr>
            </thead>
            <tbody>
              {named.map(({ dataset, event_name: each, accepted, duplicates }) => (
                <tr key={`${dataset} ${each}`} class="pick" aria-current={each === name ? 'true' : undefined}>
                  <td>
                    <a href={withQuery(place, { name: each === name ? undefined : each })} data-row>
                      <Data text={each} />
                    </a>
                    <span class="under">
                      dataset <Data text={dataset} />
                    </span>
                  </td>
                  <td class="share">
                    <Bar share={accepted / value.events.accepted} label={percent(accepted / value.events.accepted)} />
                  </td>
                  <td class="number">{count(accepted)}</td>
                  <td class="number">{count(duplicates)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <section aria-label="The newest">
            <h2>
              The newest
              {name === null ? (
                ''
              ) : (
                <>
                  {' '}
                  of <Data text={name} />
                </>
              )}
            </h2>
            {events.slice(0, shown).map(({ sequence, event, duplicate }) => (
              <details key={sequence} class="result">
                <summary data-row>
                  <Data text={String(event['event_name'] ?? 'without a name')} />{' '}
                  {duplicate && <span class="tag">repeated</span>}
                  <code class="words">
                    <Data text={String(event['event_id'] ?? '')} />
                  </code>
                </summary>
                <div class="inner">
                  <Json value={event} label="The event" />
                </div>
              </details>
            ))}
          </section>
        </>
      )}
    </>
  );
}

function sentence({ events, byName }: Summary): string {
  if (events.accepted === 0) return 'No event was accepted yet.';
  const again = events.duplicates === 0 ? 'none of them twice' : `${count(events.duplicates)} of them again`;
  return `${plural(events.accepted, 'event')} of ${plural(byName.length, 'name')} accepted, ${again}.`;
}
