import { useMemo, useState } from 'preact/hooks';
import { Trouble, Waiting } from '../../parts/empty.tsx';
import { Mark } from '../../parts/state.tsx';
import { Top } from '../../parts/top.tsx';
import { plural } from '../../lib/numbers.ts';
import { RequestError } from '../../lib/request.ts';
import { go, type Place, withQuery } from '../../lib/router.ts';
import type { DestinationFile, Destinations, ExplainAnswer, ExplainRequest, Status } from '../api-types.ts';
import { at, useApi } from '../api.ts';
import { exampleEvent } from '../example-event.ts';
import { EventSource } from '../parts/event-source.tsx';
import { MappingEditor } from '../parts/mapping-editor.tsx';
import { Results } from '../parts/results.tsx';
import { useExplanation } from '../use-explanation.ts';

/** Somebody may activate another mapping meanwhile. */
const fileMillis = 10_000;

interface WorkbenchPageProps {
  readonly place: Place;
  readonly status: Status | undefined;
}

/** An event, what is made of it, and the mapping that makes it. */
export function WorkbenchPage({ place, status }: WorkbenchPageProps) {
  const [text, setText] = useState(exampleEvent);
  const [shows, setShows] = useState(false);
  const [drafts, setDrafts] = useState<Readonly<Record<string, string | undefined>>>({});
  const destinations = useApi<Destinations>('/destinations');
  const names = destinations.value?.destinations.map(({ name }) => name) ?? [];
  const usual = destinations.value?.destinations.find(({ pixelId }) => pixelId !== undefined)?.name ?? names[0];
  const chosen = place.query.get('destination') ?? usual;
  const file = useApi<DestinationFile>(
    chosen === undefined ? undefined : at('destinations', chosen, 'file'),
    fileMillis,
  );
  const active = file.value?.text;
  const draft = chosen === undefined ? undefined : drafts[chosen];
  const letter = place.query.get('letter') ?? undefined;
  const sample = place.query.get('sample') ?? undefined;
  const request = useMemo<ExplainRequest>(() => {
    const event = letter !== undefined ? { letter } : sample !== undefined ? { sample } : { text };
    return { ...event, ...(draft !== undefined && { file: draft, destination: chosen }) };
    // Also when another mapping has become active: the answer is by that.
  }, [letter, sample, text, draft, chosen, active]);
  const { answer, error } = useExplanation(request, shows);
  const problems = answer?.problems ?? [];
  const said = sentence(answer, error);
  return (
    <>
      <Top title="Workbench" announce={`${said} ${problems.length === 0 ? '' : plural(problems.length, 'problem')}`}>
        {said}
      </Top>
      <div class="beside bench">
        <div>
          <EventSource place={place} text={text} onText={setText} shows={shows} />
          <section aria-label="Mapping">
            <div class="head">
              <h2>Mapping</h2>
              {names.length > 1 && (
                <select
                  aria-label="Destination"
                  value={chosen}
                  onChange={(change) => go(withQuery(place, { destination: change.currentTarget.value }), 'replace')}
                >
                  {names.map((name) => (
                    <option key={name} value={name}>
                      {name}
                    </option>
                  ))}
                </select>
              )}
            </div>
            {chosen === undefined || file.value === undefined ? (
              <Waiting error={file.error ?? destinations.error} />
            ) : (
              <MappingEditor
                key={chosen}
                file={file.value}
                draft={draft}
                problems={problems}
                onDraft={(changed) => setDrafts((old) => ({ ...old, [chosen]: changed }))}
                reloaded={file.again}
              />
            )}
          </section>
        </div>
        <section aria-label="What is made of it">
          <div class="head">
            <h2>
              What is made of it
              {draft !== undefined && <span class="quiet"> with your changes</span>}
            </h2>
            {status?.session.showIdentifiers === true && !shows && (
              <button type="button" class="plain" onClick={() => setShows(true)}>
                Show identifiers (this is logged)
              </button>
            )}
          </div>
          {error !== undefined && <Trouble error={error} />}
          {answer?.explanations.map((explanation) => (
            <Results
              key={`${explanation.event.index} ${explanation.event.position}`}
              explanation={explanation}
              text={letter === undefined && sample === undefined ? text : undefined}
            />
          ))}
          {problems.some(({ severity }) => severity === 'error') && (
            <p>
              <Mark kind="blocked" /> The mapping can’t be used as it is; its problems are marked in the editor.
            </p>
          )}
        </section>
      </div>
    </>
  );
}

const refusals: Readonly<Record<string, string>> = {
  NO_SAMPLE: 'The event of this decision is no longer held.',
  NO_LETTER: 'There is no such dead letter.',
  BODY_TOO_LARGE: 'This event is too large to be explained here.',
  EXPLAIN_TOO_LONG: 'This takes too long to be worked out.',
  EXPLAIN_FAILED: 'This is too large, or nests too deeply, to be explained.',
};

function sentence(answer: ExplainAnswer | undefined, error: Error | undefined): string {
  if (error !== undefined)
    return refusals[error instanceof RequestError ? error.code : ''] ?? 'This can’t be explained.';
  if (answer === undefined) return 'An event, and what is made of it.';
  if (answer.problems.some(({ severity }) => severity === 'error')) return 'The mapping has an error.';
  const deliveries = answer.explanations.flatMap((explanation) => explanation.deliveries);
  const failed = answer.explanations.find((explanation) => explanation.error !== undefined);
  if (failed !== undefined) return 'This event can’t be read.';
  const ready = deliveries.filter(({ status }) => status === 'ready');
  const refused = deliveries.length - ready.length;
  if (deliveries.length === 0) return 'This event is not sent: no subscription selects it.';
  const sent = ready.map(({ destination, subscription }) => `${destination} (${subscription})`).join(' and ');
  if (ready.length === 0) return 'This event would be refused and set aside.';
  return `This event would be sent to ${sent}${refused === 0 ? '' : ', and refused elsewhere'}.`;
}
