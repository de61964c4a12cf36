import { useState } from 'preact/hooks';
import { count } from '../../lib/numbers.ts';
import { exactly } from '../../lib/times.ts';
import { Advice } from '../../parts/advice.tsx';
import { AskFirst } from '../../parts/ask-first.tsx';
import { download } from '../../parts/copy.tsx';
import { Data, shown } from '../../parts/data.tsx';
import { Empty, Waiting } from '../../parts/empty.tsx';
import { Json } from '../../parts/json.tsx';
import { Mark, type StateKind } from '../../parts/state.tsx';
import { Top } from '../../parts/top.tsx';
import { When } from '../../parts/when.tsx';
import { address, at, post, useApi } from '../api.ts';
import type { DeadLetter, DeadLetterDetail, Explanation, ReplayJob, Status, SubscriptionDetail } from '../api-types.ts';
import { faultPaths } from '../fault-paths.ts';
import { destinationPath } from '../places.ts';
import { sentenceCase } from '../words.ts';
import { Explained } from './explained.tsx';
import { ReplayState } from './replay-progress.tsx';

/** The server has cut it. */
const longestRaw = 4_000;

const today: Readonly<Record<DeadLetterDetail['replay']['state'], readonly [StateKind, string]>> = {
  ready: ['well', 'With today’s mapping this event would be sent.'],
  rejected: ['blocked', 'With today’s mapping this event would be refused again.'],
  not_matched: ['paused', 'With today’s mapping no trigger of its subscription selects this event any more.'],
  replayed: ['paused', 'It was replayed already.'],
  unknown_subscription: ['blocked', 'Its subscription is no longer there.'],
  value_omitted: ['blocked', 'The record was too large to keep, so it can’t be sent again from here.'],
};

const accepted = ['well', 'This event was sent again, and Meta accepted it.'] as const;

const replayedAs = {
  done: ['well', 'It was replayed: it was sent, or no trigger selects it any more.'],
  refused: ['blocked', 'It was replayed, and refused again: a newer dead letter says why.'],
  superseded: ['paused', 'Newer changes of the audience cover it: there is nothing left to send.'],
} as const;

function replayedWords({ replayed }: DeadLetter): readonly [StateKind, string] | undefined {
  return replayed?.outcome === undefined ? undefined : replayedAs[replayed.outcome];
}

/** One dead letter: what it was, why, what to do, and what would become of it now. */
export function DeadLetterDetailView({ id, status }: { readonly id: string; readonly status: Status | undefined }) {
  const [shows, setShows] = useState(false);
  const [replayed, setReplayed] = useState(false);
  const [triedAt, setTriedAt] = useState<number>();
  const path = address(at('dead-letters', id), { identifiers: shows ? 'true' : undefined });
  const { value, error, again } = useApi<DeadLetterDetail>(path);
  const jobs = useApi<{ readonly jobs: readonly ReplayJob[] }>('/replays', replayed ? 1500 : undefined);
  const job = jobs.value?.jobs.find(({ request }) => request.ids?.includes(id));
  const isSentAgain = job?.state === 'done' && job.counts.delivered > 0;
  if (value === undefined)
    return (
      <article>
        <Top title="Dead letter">{error === undefined ? 'Looking …' : 'This dead letter can’t be shown.'}</Top>
        <Waiting error={error} />
      </article>
    );
  const { letter, why, replay, record } = value;
  const [kind, words] = isSentAgain ? accepted : (replayedWords(letter) ?? today[replay.state]);
  return (
    <article class="letter">
      <Top title="Dead letter" after={<Facts detail={value} />}>
        <Data text={sentenceCase(why.title)} />
      </Top>
      {sentenceCase(letter.message) !== sentenceCase(why.title) && (
        <p>
          <Data text={sentenceCase(letter.message)} />
        </p>
      )}
      <p class="todo">
        <Advice text={why.todo} />
      </p>
      <p class="today" role="status">
        <Mark kind={kind} /> {words}{' '}
        {letter.replayed !== undefined && (
          <span class="quiet small">
            replayed <When at={letter.replayed.at} />
            {letter.replayed.times > 1 && `, ${count(letter.replayed.times)} times in all`}
          </span>
        )}
        {triedAt !== undefined && (
          <span class="quiet small">
            tried <When at={triedAt} />
          </span>
        )}
      </p>
      <div class="actions">
        <AskFirst
          name="Replay …"
          yes="Replay this event"
          shortcut="r"
          disabled={replay.state !== 'ready' || isSentAgain}
          act={async () => {
            await post<ReplayJob>('/replays', { ids: [id] });
            setReplayed(true);
          }}
        >
          It is sent again to {letter.destination ?? 'its destination'}, to the one subscription that failed.
        </AskFirst>
        <button
          type="button"
          onClick={() => {
            again();
            setTriedAt(Date.now());
          }}
        >
          Try again with today’s mapping
        </button>
        {record.event !== undefined && (
          <a class="button" href={`/workbench?letter=${encodeURIComponent(id)}`}>
            Open in the workbench
          </a>
        )}
        {record.event !== undefined && (
          <button type="button" onClick={() => download('event.json', `${JSON.stringify(record.event, null, 2)}\n`)}>
            Download the event
          </button>
        )}
      </div>
      {job !== undefined && <ReplayState job={job} again={jobs.again} />}
      <section aria-label="The event">
        <div class="head">
          <h2>The event</h2>
          {status?.session.showIdentifiers === true && value.identifiers === 'hidden' && (
            <button type="button" class="plain" onClick={() => setShows(true)}>
              Show identifiers (this is logged)
            </button>
          )}
        </div>
        <EventBody detail={value} />
      </section>
      <Now explanations={value.explanations ?? []} known={letter.code} />
    </article>
  );
}

function Facts({ detail: { letter, attempts } }: { readonly detail: DeadLetterDetail }) {
  const { destination, subscription, topic, partition, offset } = letter;
  return (
    <>
      <code>{letter.code}</code>
      {destination !== undefined && (
        <>
          {' · '}
          <a href={destinationPath(destination)}>
            <Data text={destination} />
          </a>
          {subscription !== undefined && (
            <>
              {' '}
              / <Data text={subscription} />
            </>
          )}
        </>
      )}
      {' · '}
      <span title={exactly(letter.at)}>
        set aside <When at={letter.at} />
      </span>
      {' · '}
      <span class="data">
        {topic}/{partition} at {offset}
      </span>
      {attempts > 0 && ` · sent ${attempts === 1 ? 'once' : `${attempts} times`}`}
    </>
  );
}

function EventBody({ detail: { letter, record } }: { readonly detail: DeadLetterDetail }) {
  const { destination, subscription } = letter;
  const path =
    destination === undefined || subscription === undefined
      ? undefined
      : at('subscriptions', destination, subscription);
  const { value } = useApi<SubscriptionDetail>(path);
  if (record.event !== undefined) {
    const field = letter.field ?? (letter.code === 'UNKNOWN_TYPE' ? 'type' : undefined);
    const found = faultPaths(field, value?.mapping, record.event);
    const faults = Object.fromEntries(found.map((fault) => [fault, `${field} is at fault`]));
    return <Json value={record.event} label="The event, line by line" faults={faults} />;
  }
  if (record.raw !== undefined)
    return (
      <pre class="body">
        <bdi class="data">{shown(record.raw, longestRaw)}</bdi>
      </pre>
    );
  return (
    <Empty>
      The record is no event that can be read, {record.bytes} bytes. It is kept as it came; where identifiers may be
      shown (OPS_SHOW_IDENTIFIERS), its beginning is shown here.
    </Empty>
  );
}

interface NowProps {
  readonly explanations: readonly Explanation[];
  /** The code that stands on the page already. */
  readonly known: string;
}

function Now({ explanations, known }: NowProps) {
  const deliveries = explanations.flatMap((explanation) => explanation.deliveries);
  return (
    <>
      {deliveries.map((delivery) => (
        <section key={`${delivery.destination} ${delivery.subscription}`} aria-label="With today’s mapping">
          <h2>With today’s mapping</h2>
          <Explained delivery={delivery} known={known} />
        </section>
      ))}
    </>
  );
}
