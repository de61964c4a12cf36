import { useState } from 'preact/hooks';
import { count, plural } from '../../lib/numbers.ts';
import type { DeadLetterFilter, ReplayJob, ReplayPreview, ReplayRequest } from '../api-types.ts';
import { post } from '../api.ts';

interface ReplayGroupProps {
  readonly filter: DeadLetterFilter;
  readonly count: number;
}

/** Sends a whole group again, after saying what would become of it. */
export function ReplayGroup({ filter, count: number }: ReplayGroupProps) {
  const [state, setState] = useState<'closed' | 'looking' | 'acting' | ReplayPreview>('closed');
  const [error, setError] = useState<string>();
  const request: ReplayRequest = { filter };
  const attempt = async (act: () => Promise<void>) => {
    try {
      setError(undefined);
      await act();
    } catch (failed) {
      setError(failed instanceof Error ? failed.message : String(failed));
      setState('closed');
    }
  };
  const look = () =>
    attempt(async () => {
      setState('looking');
      setState(await post<ReplayPreview>('/replays/preview', request));
    });
  const start = () =>
    attempt(async () => {
      setState('acting');
      await post<ReplayJob>('/replays', request);
      setState('closed');
    });
  if (typeof state === 'string')
    return (
      <span class="actions">
        {error !== undefined && (
          <span class="blocked small" role="alert">
            {error}
          </span>
        )}
        <button type="button" disabled={state !== 'closed'} onClick={() => void look()}>
          {state === 'looking' ? 'Looking …' : `Replay ${number === 1 ? 'it' : `these ${count(number)}`} …`}
        </button>
      </span>
    );
  const ready = (state.statuses['ready'] ?? 0) + (state.statuses['superseded'] ?? 0);
  return (
    <fieldset class="ask wide">
      <legend class="hidden-visually">Replay</legend>
      <p>{previewWords(state)}</p>
      <button type="button" class="main" disabled={ready === 0} onClick={() => void start()}>
        {ready === 0 ? 'Nothing to send' : `Replay ${state.complete ? count(ready) : 'all of them'}`}
      </button>
      <button type="button" class="plain" data-cancel onClick={() => setState('closed')}>
        Cancel
      </button>
    </fieldset>
  );
}

const becomes: Readonly<Record<string, string>> = {
  ready: 'would be sent',
  rejected: 'would be refused again',
  not_matched: 'match their subscription no more',
  superseded: 'are covered by newer changes and would only be marked as done',
};

function previewWords({ statuses, complete, counts }: ReplayPreview): string {
  const parts = Object.entries(statuses).map(([status, number]) => `${count(number)} ${becomes[status] ?? status}`);
  const left = Object.values(counts.leftOut).reduce((sum, number) => sum + number, 0);
  const said = parts.length === 0 ? 'Nothing is left to replay' : `With today’s mapping: ${parts.join(', ')}`;
  return `${said}${left === 0 ? '' : `; ${plural(left, 'was', 'were')} left out, most often because replayed before`}.${complete ? '' : ' Only the first 10,000 were looked at; what comes after them is replayed, too.'}`;
}
