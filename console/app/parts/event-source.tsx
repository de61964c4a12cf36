import { Data } from '../../parts/data.tsx';
import { Json } from '../../parts/json.tsx';
import { Mark } from '../../parts/state.tsx';
import { Clock } from '../../parts/when.tsx';
import { type Place, withQuery } from '../../lib/router.ts';
import type { Decision, DeadLetterDetail } from '../api-types.ts';
import { address, at, useApi } from '../api.ts';
import { deadLetterPath } from '../places.ts';
import { useDecisions } from '../stream.ts';
import { outcomes } from '../words.ts';
import { JsonEditor } from './json-editor.tsx';

interface EventSourceProps {
  readonly place: Place;
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** Which event: one that was pasted, one that just came by, or a dead letter. */
export function EventSource({ place, text, onText }: EventSourceProps) {
  const letter = place.query.get('letter');
  const sample = place.query.get('sample');
  const none = withQuery(place, { letter: undefined, sample: undefined });
  return (
    <section aria-label="Event">
      <div class="head">
        <h2>Event</h2>
        {(letter ?? sample) !== null && <a href={none}>Paste another</a>}
      </div>
      {letter !== null && <DeadLetterEvent id={letter} />}
      {letter === null && sample !== null && (
        <p class="quiet">One that came by a moment ago. Its identifiers stay with the connector.</p>
      )}
      {letter === null && sample === null && <JsonEditor initial={text} label="Event" onChange={onText} />}
      <Recent place={place} />
    </section>
  );
}

function DeadLetterEvent({ id }: { readonly id: string }) {
  const { value, error } = useApi<DeadLetterDetail>(at('dead-letters', id));
  if (error !== undefined) return <p class="quiet">{error.message}</p>;
  if (value === undefined) return <p class="quiet">…</p>;
  return (
    <>
      <p class="small">
        A <a href={deadLetterPath(id)}>dead letter</a>: <Data text={value.letter.message} />
      </p>
      <Json value={value.record.event} label="The event" />
    </>
  );
}

const shown = 8;

/** Chosen, an event stays as long as this page reads the stream. */
function Recent({ place }: { readonly place: Place }) {
  const { decisions } = useDecisions(address('/decisions', { perSecond: 2 }), shown * 5);
  const kept = decisions.filter(({ sample }) => sample !== undefined);
  const samples = [...new Map(kept.map((decision) => [decision.sample, decision])).values()].slice(0, shown);
  return (
    <details class="recent">
      <summary>Pick one that just came by</summary>
      {samples.length === 0 && <p class="quiet small">None yet.</p>}
      <ul>
        {samples.map((decision) => (
          <Choice key={decision.sample} decision={decision} place={place} />
        ))}
      </ul>
    </details>
  );
}

function Choice({ decision, place }: { readonly decision: Decision; readonly place: Place }) {
  const { words, state } = outcomes[decision.outcome] ?? { words: decision.outcome, state: 'paused' };
  return (
    <li>
      <a href={withQuery(place, { sample: decision.sample, letter: undefined })}>
        <Data text={decision.event ?? decision.type ?? 'unreadable record'} />
      </a>{' '}
      <span class="quiet small">
        <Clock at={decision.at} /> <Mark kind={state} /> {words}
      </span>
    </li>
  );
}
