import { Data } from '../../parts/data.tsx';
import { Mark } from '../../parts/state.tsx';
import { When } from '../../parts/when.tsx';
import type { ReplayJob } from '../api-types.ts';
import { at, post, useApi } from '../api.ts';

/** The replay that runs, or ran last. */
export function ReplayProgress() {
  const { value, again } = useApi<{ readonly jobs: readonly ReplayJob[] }>('/replays', 1500);
  const job = value?.jobs[0];
  return job === undefined ? null : <ReplayState job={job} again={again} />;
}

interface ReplayStateProps {
  readonly job: ReplayJob;
  readonly again: () => void;
}

/** How a replay goes, and a way to stop it. */
export function ReplayState({ job, again }: ReplayStateProps) {
  const isRunning = job.state === 'running' || job.state === 'stopping';
  return (
    <div class="ask" role="status">
      <p>
        <Mark kind={job.state === 'failed' ? 'blocked' : isRunning ? 'slowed' : 'well'} /> <Data text={job.sentence} />{' '}
        <span class="quiet small">
          {job.by}, <When at={job.endedAt ?? job.startedAt} />
        </span>
      </p>
      {isRunning && (
        <button
          type="button"
          disabled={job.state === 'stopping'}
          onClick={() => void post(at('replays', job.id, 'stop')).then(again, again)}
        >
          Stop
        </button>
      )}
    </div>
  );
}
