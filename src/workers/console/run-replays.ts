import { noReplay } from '../../api/replays/replay-handlers.ts';
import type { ShownJob } from '../../api/replays/replay-jobs.ts';
import { type Call, type Handlers, isRefused, type Refused } from '../../api/server/handler.ts';
import type { Worker } from '../worker.ts';
import { type AnyWorker, callWorker } from './any-worker.ts';
import { idInRun, placeOfId } from './id-in-run.ts';

type Names = 'replays' | 'replay' | 'startReplay' | 'stopReplay';

const mostRemembered = 20;

/** Replays, which run in one worker and end with its process. */
export function runReplays(any: AnyWorker, workers: () => readonly Worker[]): Handlers<Names> {
  /** As they were told last, by their ids in the run; the newest last. */
  const remembered = new Map<string, ShownJob>();

  function known(worker: Worker, job: ShownJob): ShownJob {
    const shown = { ...job, id: idInRun(worker, job.id) };
    remembered.set(shown.id, shown);
    const [oldest] = remembered.keys();
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
    return shown;
  }

  /** Of a process that has ended, what is remembered of it. */
  function over(id: string): ShownJob | Refused {
    const job = remembered.get(id);
    return job === undefined ? noReplay : ended(job);
  }

  async function ofJob<N extends 'replay' | 'stopReplay'>(name: N, call: Call<N>): Promise<ShownJob | Refused> {
    const { id = '' } = call.params;
    const place = placeOfId(id, workers());
    if (place === undefined) return over(id);
    const answer = await callWorker(place.worker, name, { ...call, params: { id: place.id } });
    return isRefused(answer) ? answer : known(place.worker, answer as ShownJob);
  }

  return {
    async replays(call) {
      const worker = any.chosen();
      const answer = await callWorker(worker, 'replays', call);
      if (isRefused(answer) || worker === undefined) return answer;
      for (const job of answer.jobs.toReversed()) known(worker, job);
      const all = [...remembered.values()].map((job) =>
        placeOfId(job.id, workers()) === undefined ? ended(job) : job,
      );
      return { jobs: all.sort((a, b) => b.startedAt - a.startedAt) };
    },
    replay: (call) => ofJob('replay', call),
    async startReplay(call) {
      const worker = any.chosen();
      const answer = await callWorker(worker, 'startReplay', call);
      return isRefused(answer) || worker === undefined ? answer : known(worker, answer);
    },
    stopReplay: (call) => ofJob('stopReplay', call),
  };
}

const failure = {
  code: 'WORKER_GONE',
  message: 'the worker that ran it has ended',
  fix: 'Start it again: what was delivered and not written down as replayed is sent a second time.',
};

function ended(job: ShownJob): ShownJob {
  if (job.state !== 'running' && job.state !== 'stopping') return job;
  return { ...job, state: 'failed', sentence: `It stopped: ${failure.message}. ${failure.fix}`, failure };
}
