import { useState } from 'preact/hooks';
import { Trouble } from '../../parts/empty.tsx';
import { Mark } from '../../parts/state.tsx';
import { Top } from '../../parts/top.tsx';
import { count, plural } from '../../lib/numbers.ts';
import { type Fault, send, useSandbox } from '../sandbox-api.ts';

interface Prepared {
  readonly name: string;
  /** What a connector should make of it. */
  readonly teaches: string;
  readonly fault: { readonly kind: string } & Readonly<Record<string, unknown>>;
}

/** The faults that are worth to be seen; docs/sandbox.md has all. */
const prepared: readonly Prepared[] = [
  {
    name: 'Token refused',
    teaches: 'The destination is blocked, with the cause and the fix. Its events wait.',
    fault: { kind: 'token_invalid' },
  },
  { name: 'Permission missing', teaches: 'The same, for an app that may not do this.', fault: { kind: 'permission' } },
  { name: 'Dataset not found', teaches: 'The same, for a wrong id.', fault: { kind: 'missing_dataset' } },
  {
    name: 'Rate limit',
    teaches: 'The destination slows down and says until when.',
    fault: { kind: 'throttle', code: 80004, regainMinutes: 1 },
  },
  {
    name: 'Slow answers',
    teaches: 'Every answer takes half a second: the delay grows, nothing else.',
    fault: { kind: 'latency', millis: 500 },
  },
  { name: 'Gateway error', teaches: 'Requests are repeated until it is over.', fault: { kind: 'html_502' } },
  { name: 'Connection reset', teaches: 'Requests are repeated; nothing was stored.', fault: { kind: 'reset_before' } },
  {
    name: 'Answer lost',
    teaches: 'Stored, but the answer never comes: Meta would de-duplicate what is repeated.',
    fault: { kind: 'reset_after' },
  },
  {
    name: 'Terms not accepted',
    teaches: 'Audiences wait for somebody to accept them.',
    fault: { kind: 'terms_withdrawn' },
  },
];

/** How to make the sandbox misbehave. */
export function FaultsPage() {
  const { value, again } = useSandbox<{ readonly faults: readonly Fault[] }>('/faults', 1500);
  const [error, setError] = useState<Error>();
  const faults = value?.faults.filter(({ spent }) => !spent) ?? [];
  const change = async (act: () => Promise<void>) => {
    try {
      await act();
      setError(undefined);
    } catch (failed) {
      setError(failed instanceof Error ? failed : new Error(String(failed)));
    }
    again();
  };
  const others = faults.filter((fault) => !prepared.some((each) => isSame(each, fault)));
  return (
    <>
      <Top
        title="Faults"
        announce={`${faults.length} faults`}
        actions={
          <>
            {faults.length > 0 && (
              <button type="button" onClick={() => void change(() => send('/faults', { method: 'DELETE' }))}>
                All off
              </button>
            )}
            <button
              type="button"
              onClick={() => void change(() => send('/down', { method: 'POST', body: { seconds: 10 } }))}
            >
              Down for 10 s
            </button>
          </>
        }
      >
        {faults.length === 0
          ? 'The sandbox behaves.'
          : `The sandbox misbehaves: ${plural(faults.length, 'fault is', 'faults are')} on.`}
      </Top>
      {error !== undefined && <Trouble error={error} />}
      <ul class="switches">
        {prepared.map((each) => {
          const active = faults.find((fault) => isSame(each, fault));
          return (
            <li key={each.name}>
              <button
                type="button"
                role="switch"
                aria-checked={active !== undefined}
                aria-label={each.name}
                onClick={() =>
                  void change(() =>
                    active === undefined
                      ? send('/faults', { method: 'POST', body: each.fault })
                      : send(`/faults/${active.id}`, { method: 'DELETE' }),
                  )
                }
              >
                <span />
              </button>
              <div>
                <strong>{each.name}</strong>
                <span class="under">{each.teaches}</span>
              </div>
              <span class="quiet small number">{active !== undefined && `applied ${count(active.applied)} ×`}</span>
            </li>
          );
        })}
      </ul>
      {others.length > 0 && (
        <section aria-label="Others that are on">
          <h2>Others that are on</h2>
          <ul class="switches">
            {others.map(({ id, kind, settings, applied }) => (
              <li key={id}>
                <button
                  type="button"
                  class="plain"
                  onClick={() => void change(() => send(`/faults/${id}`, { method: 'DELETE' }))}
                >
                  Off
                </button>
                <div>
                  <Mark kind="slowed" /> <strong>{kind}</strong>
                  <code class="under">{JSON.stringify(settings)}</code>
                </div>
                <span class="quiet small number">applied {count(applied)} ×</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function isSame({ fault: { kind } }: Prepared, fault: Fault): boolean {
  return fault.kind === kind && fault.settings['times'] === undefined && fault.settings['match'] === undefined;
}
