import { Data } from '../../parts/data.tsx';
import { Empty, Waiting } from '../../parts/empty.tsx';
import { Json } from '../../parts/json.tsx';
import { Mark } from '../../parts/state.tsx';
import { Top } from '../../parts/top.tsx';
import { Clock } from '../../parts/when.tsx';
import { bytes, count, plural } from '../../lib/numbers.ts';
import { type Place, withQuery } from '../../lib/router.ts';
import { type ReceivedRequest, type Summary, useSandbox } from '../sandbox-api.ts';

const shown = 40;

/** What came in, the newest first, with its body beside it. */
export function RequestsPage({ place }: { readonly place: Place }) {
  const summary = useSandbox<Summary>('/summary', 1500);
  const list = useSandbox<{ readonly requests: readonly ReceivedRequest[] }>(
    `/requests?bodies=false&limit=${shown}`,
    1500,
  );
  const requests = list.value?.requests.toReversed() ?? [];
  const asked = place.query.get('request');
  const chosen = asked ?? requests[0]?.id.toString();
  return (
    <>
      <Top title="Requests">{sentence(summary.value)}</Top>
      {list.value === undefined ? (
        <Waiting error={list.error} />
      ) : requests.length === 0 ? (
        <Empty>
          No request yet. Start a connector with <code>META_GRAPH_URL={location.origin}</code>, and what it sends stands
          here.
        </Empty>
      ) : (
        <div class={asked === null ? 'beside' : 'beside picked'}>
          <table class="requests">
            <thead>
              <tr>
                <th>Time</th>
                <th>Request</th>
                <th class="number">Size</th>
                <th class="number">Answer</th>
              </tr>
            </thead>
            <tbody>
              {requests.map((request) => (
                <Row key={request.id} request={request} place={place} current={String(request.id) === chosen} />
              ))}
            </tbody>
          </table>
          <section class="chosen" aria-label="The request that was chosen">
            {chosen !== undefined && <Body key={chosen} id={Number(chosen)} follows={asked === null} place={place} />}
          </section>
        </div>
      )}
    </>
  );
}

function sentence(summary: Summary | undefined): string {
  if (summary === undefined) return 'Looking …';
  const { requests, events, audiences, faults } = summary;
  const again =
    events.duplicates === 0 ? '' : ` (Meta would have thrown ${count(events.duplicates)} away as repetitions)`;
  const people =
    audiences.audiences === 0
      ? ''
      : `, ${plural(audiences.members, 'person', 'people')} in ${plural(audiences.audiences, 'audience')}`;
  const switched = faults === 0 ? '' : ` ${plural(faults, 'fault is', 'faults are')} switched on.`;
  return `${plural(requests.total, 'request')}: ${plural(events.accepted, 'event')} accepted${again}${people}.${switched}`;
}

interface RowProps {
  readonly request: ReceivedRequest;
  readonly place: Place;
  readonly current: boolean;
}

function Row({ request, place, current }: RowProps) {
  const { id, time, method, path, events, bytes: size, status, error, fault } = request;
  return (
    <tr class="pick" aria-current={current ? 'true' : undefined}>
      <td>
        <Clock at={Date.parse(time)} />
      </td>
      <td>
        <a href={withQuery(place, { request: String(id) })} data-row>
          <Data text={what(method, path, events)} />
        </a>
      </td>
      <td class="number">{bytes(size)}</td>
      <td class="number">
        <Mark kind={status !== null && status < 300 ? 'well' : 'blocked'} /> {status ?? 'none'}
        {(error ?? fault) != null && <span class="under">{error ?? fault}</span>}
      </td>
    </tr>
  );
}

function what(method: string, path: string, events: number): string {
  if (/\/events$/.test(path)) return plural(events, 'event');
  if (/\/users$/.test(path)) return method === 'DELETE' ? 'Remove people' : 'Add people';
  if (/\/customaudiences$/.test(path)) return method === 'POST' ? 'Create an audience' : 'Look for audiences';
  return method === 'GET' ? 'Look' : 'Change';
}

interface BodyProps {
  readonly id: number;
  /** The newest is shown until one is chosen. */
  readonly follows: boolean;
  readonly place: Place;
}

function Body({ id, follows, place }: BodyProps) {
  const { value, error } = useSandbox<{ readonly requests: readonly ReceivedRequest[] }>(
    `/requests?limit=1&since=${id - 1}`,
  );
  const request = value?.requests.find((each) => each.id === id);
  if (value === undefined) return <Waiting error={error} />;
  if (request === undefined) return <p class="quiet">This request is no longer kept.</p>;
  return (
    <>
      <div class="head">
        <h2>
          <Data text={`${request.method} ${request.path}`} />
        </h2>
        {follows ? (
          <span class="quiet small">the newest</span>
        ) : (
          <a href={withQuery(place, { request: undefined })}>Follow the newest</a>
        )}
      </div>
      {request.body === undefined || request.body === null ? (
        <p class="quiet">It has no body, or the body had to make room for newer ones.</p>
      ) : (
        <Json value={request.body} label="Body of the request" />
      )}
    </>
  );
}
