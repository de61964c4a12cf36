import { RequestError } from '../../lib/request.ts';
import { useState } from 'preact/hooks';
import { Advice } from '../../parts/advice.tsx';
import { Data } from '../../parts/data.tsx';
import { Mark } from '../../parts/state.tsx';
import { When } from '../../parts/when.tsx';
import type { Need } from '../api-types.ts';
import { at, post } from '../api.ts';
import { type NeedGroup, needGroups } from '../need-groups.ts';
import { destinationPath } from '../places.ts';

interface NeedsProps {
  readonly needs: readonly Need[];
  /** The sentence of the page: a title that it begins with isn't told again. */
  readonly said: string;
  readonly changed: () => void;
}

/** What only a person can put right: what it is, why, what to do, and where. */
export function Needs({ needs, said, changed }: NeedsProps) {
  return (
    <section aria-label="Needs you">
      <h2>Needs you</h2>
      <ul class="needs">
        {needGroups(needs).map((group) => (
          <NeedItem key={group.needs[0].id} group={group} isSaid={said.startsWith(group.title)} changed={changed} />
        ))}
      </ul>
    </section>
  );
}

interface NeedItemProps {
  readonly group: NeedGroup;
  readonly isSaid: boolean;
  readonly changed: () => void;
}

function NeedItem({ group: { needs, title }, isSaid, changed }: NeedItemProps) {
  const [{ state, cause, fix, code, subscription, actions }] = needs;
  const since = Math.min(...needs.map((need) => need.since ?? Number.POSITIVE_INFINITY));
  const destinations = [...new Set(needs.flatMap(({ destination }) => destination ?? []))];
  return (
    <li>
      <Mark kind={state} />
      <div>
        <p>
          <strong>
            <Data text={isSaid ? cause : title} />
          </strong>
        </p>
        {!isSaid && cause !== title && (
          <p>
            <Data text={cause} />
          </p>
        )}
        {fix !== undefined && (
          <p class="fix">
            <Advice text={fix} />
          </p>
        )}
        <p class="quiet small">
          <code>{code}</code>
          {Number.isFinite(since) && (
            <>
              {' '}
              since <When at={since} />
            </>
          )}
        </p>
      </div>
      <div class="actions">
        {actions.includes('replay') && (
          <a class="button" href={deadLettersPath(code, subscription)}>
            Look at them
          </a>
        )}
        {actions.includes('resume') && (
          <TryNow needs={needs} name={state === 'paused' ? 'Resume' : 'Try now'} changed={changed} />
        )}
        {destinations.map((destination) => (
          <a key={destination} class="button" href={destinationPath(destination)}>
            {destinations.length === 1 ? 'Open' : destination}
          </a>
        ))}
      </div>
    </li>
  );
}

interface TryNowProps {
  readonly needs: NeedGroup['needs'];
  readonly name: string;
  readonly changed: () => void;
}

/** Harmless, so it doesn't ask: if the cause is still there, what waits goes on waiting. */
function TryNow({ needs, name, changed }: TryNowProps) {
  const [error, setError] = useState<string>();
  const attempt = async () => {
    const tried = await Promise.allSettled(needs.map(resume));
    const failed = tried.find((each) => each.status === 'rejected');
    setError(failed === undefined ? undefined : String(failed.reason?.message ?? failed.reason));
    changed();
  };
  return (
    <>
      <button type="button" onClick={() => void attempt()}>
        {name}
      </button>
      {error !== undefined && (
        <span class="blocked small" role="alert">
          {error}
        </span>
      )}
    </>
  );
}

function deadLettersPath(code: string, subscription: string | undefined): string {
  const query = new URLSearchParams({ code, ...(subscription !== undefined && { subscription }) });
  return `/dead-letters?${query}`;
}

function resume({ lane, destination }: Need): Promise<unknown> {
  if (lane !== undefined) return post(at('lanes', lane, 'resume')).catch(unlessItIsGone);
  return post(at('destinations', destination ?? '', 'resume'));
}

/** A lane that has come to rest by itself in the meantime is no longer there: nothing is left to resume. */
function unlessItIsGone(error: unknown): void {
  if (!(error instanceof RequestError) || error.status !== 404) throw error;
}
