import type { Status } from '../api-types.ts';
import { sentenceCase } from '../words.ts';

/** Of a run with workers: whose part isn't in what the page shows. The overview says it in its first line. */
export function MissingWorkers({ status: { workers = [] } }: { readonly status: Status }) {
  const missing = workers.filter(({ state }) => state !== 'running');
  if (missing.length === 0) return null;
  const named = missing.map(({ worker, state }) => `worker ${worker} ${states[state]}`).join(', ');
  return (
    <p class="notice" role="status">
      {sentenceCase(named)}: what it has in flight is not shown.
    </p>
  );
}

const states = {
  running: 'runs',
  starting: 'is starting',
  restarting: 'has ended and is started again',
  silent: 'does not answer',
} as const;
