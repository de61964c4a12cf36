import { useState } from 'preact/hooks';
import { Choices } from '../../parts/choices.tsx';
import { Data } from '../../parts/data.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Mark } from '../../parts/state.tsx';
import { Top } from '../../parts/top.tsx';
import { Clock } from '../../parts/when.tsx';
import { go, type Place, withQuery } from '../../lib/router.ts';
import { address } from '../api.ts';
import type { Decision } from '../api-types.ts';
import { useDecisions } from '../stream.ts';
import { outcomes, sentenceCase } from '../words.ts';

const kept = 200;

const kinds = [
  { name: 'All', outcome: undefined },
  { name: 'Sent', outcome: 'sent' },
  { name: 'Refused', outcome: 'rejected,undecodable' },
  { name: 'Left out', outcome: 'skipped,no_match' },
] as const;

/** Decisions as they happen. */
export function LivePage({ place }: { readonly place: Place }) {
  const [paused, setPaused] = useState(false);
  const outcome = place.query.get('outcome') ?? undefined;
  const event = place.query.get('event') ?? undefined;
  const { decisions, state } = useDecisions(
    paused ? undefined : address('/decisions', { outcome, event, perSecond: 20 }),
    kept,
  );
  const said = paused ? 'Held: what happens meanwhile is not shown.' : 'What happens to events, as it happens.';
  return (
    <>
      <Top
        title="Live"
        after="A sample: at most 20 a second. Identifiers of people are not in it."
        announce={state === 'lost' ? 'The stream is lost' : ''}
        actions={
          <button type="button" aria-pressed={paused} onClick={() => setPaused(!paused)}>
            {paused ? 'Go on' : 'Hold'}
          </button>
        }
      >
        {state === 'lost' && !paused ? 'The stream is lost; looking for it again.' : said}
      </Top>
      <div class="filters">
        <Choices
          label="Outcome"
          choices={kinds.map(({ name, outcome: each }) => ({
            name,
            to: withQuery(place, { outcome: each }),
            current: each === outcome,
          }))}
        />
        <input
          type="search"
          data-search
          aria-label="Name of the event"
          placeholder="Name of the event"
          value={event ?? ''}
          onChange={(change) => go(withQuery(place, { event: change.currentTarget.value.trim() }), 'replace')}
        />
      </div>
      {decisions.length === 0 ? (
        <Empty>
          No decision yet. As soon as an event is read that fits, it stands here, and why it was sent or not.
        </Empty>
      ) : (
        <table class="folds live">
          <thead>
            <tr>
              <th>Time</th>
              <th>Event</th>
              <th>Outcome</th>
              <th>For</th>
              <th>Why</th>
            </tr>
          </thead>
          <tbody>
            {decisions.map((decision) => (
              <Row key={keyOf(decision)} decision={decision} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function keyOf({ at, topic, partition, offset, destination, subscription }: Decision): string {
  return [at, topic, partition, offset, destination, subscription].join(' ');
}

function Row({ decision }: { readonly decision: Decision }) {
  const { at, sample, event, type, outcome, destination, subscription, text } = decision;
  const { words, state } = outcomes[outcome] ?? { words: outcome, state: 'paused' };
  return (
    <tr class="pick">
      <td class="time">
        <Clock at={at} />
      </td>
      <td>
        {sample === undefined ? (
          <Data text={event ?? type ?? 'unreadable record'} />
        ) : (
          <a href={`/workbench?sample=${encodeURIComponent(sample)}`} data-row>
            <Data text={event ?? type ?? 'unreadable record'} />
          </a>
        )}
      </td>
      <td>
        <span class="state">
          <Mark kind={state} /> {words}
        </span>
      </td>
      <td>
        {destination !== undefined && <Data text={destination} />}
        {subscription !== undefined && (
          <>
            {' / '}
            <Data text={subscription} />
          </>
        )}
      </td>
      <td class="quiet">
        <Data text={sentenceCase(text)} />
      </td>
    </tr>
  );
}
