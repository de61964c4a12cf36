import { RequestError } from '../../lib/request.ts';
import { useState } from 'preact/hooks';
import { Data } from '../../parts/data.tsx';
import { Mark } from '../../parts/state.tsx';
import { When } from '../../parts/when.tsx';
import { plural } from '../../lib/numbers.ts';
import type { Need } from '../api-types.ts';
import { at, post } from '../api.ts';
import { destinationPath } from '../places.ts';

/** What only a person can put right: what it is, why, what to do, and where. */
export function Needs({ needs, changed }: { readonly needs: readonly Need[]; readonly changed: () => void }) {
  return (
    <section aria-label="Needs you">
      <h2>Needs you</h2>
      <ul class="needs">
        {needs.map((need) => (
          <NeedItem key={need.id} need={need} changed={changed} />
        ))}
      </ul>
    </section>
  );
}

function NeedItem({ need, changed }: { readonly need: Need; readonly changed: () => void }) {
  const { state, title, cause, fix, since, code, destination, subscription, waiting = 0 } = need;
  return (
    <li>
      <Mark kind={state} />
      <div>
        <p>
          <strong>
            <Data text={title} />
          </strong>{' '}
          {since !== undefined && (
            <span class="quiet small">
              since <When at={since} />
            </span>
          )}
        </p>
        {cause !== title && (
          <p>
            <Data text={cause} />
          </p>
        )}
        {fix !== undefined && (
          <p class="fix">
            <Data text={fix} />
          </p>
        )}
        <p class="quiet small">
          <code>{code}</code>
          {waiting > 0 && `, ${plural(waiting, 'delivery waits', 'deliveries wait')}`}
        </p>
      </div>
      <div class="actions">
        {need.actions.includes('replay') && (
          <a class="button" href={deadLettersPath(code, subscription)}>
            Look at them
          </a>
        )}
        {need.actions.includes('resume') && <TryNow need={need} changed={changed} />}
        {destination !== undefined && (
          <a class="button" href={destinationPath(destination)}>
            Open
          </a>
        )}
      </div>
    </li>
  );
}

/** Harmless, so it doesn't ask: if the cause is still there, what waits goes on waiting. */
function TryNow({ need, changed }: { readonly need: Need; readonly changed: () => void }) {
  const [error, setError] = useState<string>();
  const attempt = () =>
    resume(need).then(
      () => setError(undefined),
      (failed: unknown) => setError(failed instanceof Error ? failed.message : String(failed)),
    );
  return (
    <>
      <button type="button" onClick={() => void attempt().then(changed)}>
        Try now
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
