import { useState } from 'preact/hooks';
import { download } from '../../parts/copy.tsx';
import { Data } from '../../parts/data.tsx';
import { Json } from '../../parts/json.tsx';
import { Mark } from '../../parts/state.tsx';
import { Clock } from '../../parts/when.tsx';
import { go, type Place, withQuery } from '../../lib/router.ts';
import type { Decision, DecisionEvent, DeadLetterDetail } from '../api-types.ts';
import { address, at, useApi } from '../api.ts';
import { deadLetterPath } from '../places.ts';
import { useDecisions } from '../stream.ts';
import { outcomes } from '../words.ts';
import { JsonEditor } from './json-editor.tsx';

interface EventSourceProps {
  readonly place: Place;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** Whether identifiers of people are to be shown. */
  readonly shows: boolean;
}

/** Which event: one that was pasted, one that just came by, or a dead letter. */
export function EventSource({ place, text, onText, shows }: EventSourceProps) {
  const [copies, setCopies] = useState(0);
  const letter = place.query.get('letter');
  const sample = place.query.get('sample');
  const isOwn = letter === null && sample === null;
  const own = withQuery(place, { letter: undefined, sample: undefined });
  const edit = (event: unknown) => {
    onText(JSON.stringify(event, null, 2));
    setCopies((number) => number + 1);
    go(own);
  };
  return (
    <section aria-label="Event">
      <div class="head">
        <h2>Event</h2>
        {!isOwn && <a href={own}>Paste another</a>}
      </div>
      {letter !== null && <DeadLetterEvent id={letter} shows={shows} edit={edit} />}
      {letter === null && sample !== null && <SampleEvent id={sample} shows={shows} edit={edit} />}
      {isOwn && (
        <>
          <JsonEditor key={copies} initial={text} label="Event" onChange={onText} />
          <div class="actions">
            <button type="button" onClick={() => download('event.json', text)}>
              Download the event
            </button>
          </div>
        </>
      )}
      <Recent place={place} />
    </section>
  );
}

interface ChosenProps {
  readonly id: string;
  readonly shows: boolean;
  readonly edit: (event: unknown) => void;
}

function DeadLetterEvent({ id, shows, edit }: ChosenProps) {
  const { value, error } = useApi<DeadLetterDetail>(withIdentifiers(at('dead-letters', id), shows));
  if (value === undefined) return <p class="quiet">{error?.message ?? '…'}</p>;
  return (
    <ReadEvent event={value.record.event} edit={edit}>
      A <a href={deadLetterPath(id)}>dead letter</a>: <Data text={value.letter.message} />
    </ReadEvent>
  );
}

function SampleEvent({ id, shows, edit }: ChosenProps) {
  const { value, error } = useApi<DecisionEvent>(withIdentifiers(at('decisions', id, 'event'), shows));
  if (value === undefined) return <p class="quiet">{error === undefined ? '…' : 'It is no longer held.'}</p>;
  return (
    <ReadEvent event={value.event ?? value.raw} edit={edit}>
      It came by a moment ago.
    </ReadEvent>
  );
}

function withIdentifiers(path: string, shows: boolean): string {
  return address(path, { identifiers: shows ? 'true' : undefined });
}

interface ReadEventProps {
  readonly event: unknown;
  readonly edit: (event: unknown) => void;
  /** Where it is from. */
  readonly children: preact.ComponentChildren;
}

/** As it was read. Changed, it is another event, which nobody can take for this one. */
function ReadEvent({ event, edit, children }: ReadEventProps) {
  if (event === undefined) return <p class="quiet">It is no event that can be read.</p>;
  return (
    <>
      <p class="small lead">{children}</p>
      <Json value={event} label="The event" />
      <div class="actions">
        <button type="button" onClick={() => edit(event)}>
          Edit a copy
        </button>
        <button type="button" onClick={() => download('event.json', `${JSON.stringify(event, null, 2)}\n`)}>
          Download the event
        </button>
      </div>
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
