import type { Failure } from '../../core/outcome.ts';
import { ConnectorError } from '../../core/errors.ts';
import { createReplay, type Replay, type ReplaySetup } from '../../replay/replay.ts';
import type { AnswerOf } from '../server/handler.ts';
import { countText } from '../views/words.ts';
import type { ReplayRequest } from './request.ts';
import { shownCounts } from './shown-counts.ts';

export type ShownJob = AnswerOf<'replay'>;

/** Replays that were started by people; one runs at a time. */
export interface ReplayJobs {
  running(): ShownJob | undefined;
  start(setup: ReplaySetup, request: ReplayRequest, by: string): ShownJob;
  /** Undefined: there is none. */
  of(id: string): ShownJob | undefined;
  stop(id: string): ShownJob | undefined;
  /** The newest first. */
  all(): readonly ShownJob[];
  close(): Promise<void>;
}

interface Job {
  readonly id: string;
  readonly startedAt: number;
  readonly by: string;
  readonly request: ReplayRequest;
  readonly replay: Replay;
  readonly ended: Promise<void>;
  state: ShownJob['state'];
  endedAt?: number;
  failure?: Failure;
}

const mostRemembered = 20;
const checkMillis = 500;

/**
 * @param now Unix milliseconds.
 * @param isStopping The process settles what it has in flight: a replay does so beside it, since there is time for one of them.
 */
export function createReplayJobs(now: () => number, isStopping: () => boolean): ReplayJobs {
  const jobs: Job[] = [];
  let count = 0;

  const isActive = ({ state }: Job) => state === 'running' || state === 'stopping';
  const find = (id: string) => jobs.find((job) => job.id === id);

  /** Until everything is settled, somebody stops it, or a lane waits for a person. */
  async function run(replay: Replay, job: () => Job): Promise<void> {
    const { connector } = replay;
    let end: 'done' | 'stopped' | 'failed' = 'failed';
    try {
      await connector.start();
      const finished = connector.finished().then(() => 'done' as const);
      end = await Promise.race([finished, connector.failed(), stopOrBlocked(replay, job, isStopping)]);
    } catch (error) {
      job().failure = failureOf(error);
    }
    // What was delivered is marked as replayed now, at the latest.
    await connector.stop().catch(() => false);
    await replay.close().catch(() => undefined);
    job().state = end;
    job().endedAt = now();
  }

  function shown(job: Job): ShownJob {
    const { id, state, startedAt, by, request, replay, endedAt, failure } = job;
    return {
      ...{ id, state, startedAt, by, request },
      sentence: sentenceOf(job),
      counts: shownCounts(replay.counts, replay.outcomes),
      ...(endedAt !== undefined && { endedAt }),
      ...(failure !== undefined && { failure }),
    };
  }

  return {
    running() {
      const active = jobs.find(isActive);
      return active && shown(active);
    },
    start(setup, request, by) {
      count += 1;
      const replay = createReplay(setup);
      const ended = Promise.withResolvers<void>();
      const job: Job = {
        ...{ id: String(count), startedAt: now(), by, request, replay, state: 'running' },
        ended: ended.promise,
      };
      jobs.unshift(job);
      jobs.splice(mostRemembered);
      void run(replay, () => job).then(ended.resolve);
      return shown(job);
    },
    of(id) {
      const job = find(id);
      return job && shown(job);
    },
    stop(id) {
      const job = find(id);
      if (job?.state === 'running') job.state = 'stopping';
      return job && shown(job);
    },
    all: () => jobs.map(shown),
    async close() {
      for (const job of jobs.filter(isActive)) {
        job.state = 'stopping';
        await job.ended;
      }
    },
  };
}

/** Resolves when somebody stops it; rejects when a lane waits for a person: what isn't delivered is not marked. */
function stopOrBlocked({ connector }: Replay, job: () => Job, isStopping: () => boolean): Promise<'stopped'> {
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      if (job().state === 'running' && isStopping()) job().state = 'stopping';
      const { state, endedAt } = job();
      const [blocked] = connector.blocked();
      if (state === 'running' && endedAt === undefined && blocked === undefined) return;
      clearInterval(timer);
      if (state === 'running' && blocked !== undefined) reject(new ConnectorError(blocked.code, blocked.message));
      else resolve('stopped');
    }, checkMillis);
    timer.unref();
  });
}

function failureOf(error: unknown): Failure {
  if (error instanceof ConnectorError) return { code: error.code, message: error.message };
  return { code: 'BUG', message: 'The program failed on this replay: please report it.' };
}

function sentenceOf({ state, replay: { counts, outcomes }, failure }: Job): string {
  const sent = `${countText(counts.replayed, 'dead letter')} replayed: ${outcomes.delivered} accepted by Meta, ${outcomes.failedAgain} set aside again.`;
  const left = Object.values(counts.notReplayed).reduce((sum, each) => sum + each, 0);
  const more = left === 0 ? '' : ` ${left} left out.`;
  switch (state) {
    case 'running':
      return `Running. ${sent}${more}`;
    case 'stopping':
      return `Stopping. ${sent}${more}`;
    case 'done':
      return `Done. ${sent}${more}`;
    case 'stopped':
      return `Stopped by a person; what is done stays done. ${sent}${more}`;
    case 'failed':
      return `It stopped: ${failure?.message ?? 'nobody knows why'} ${sent}${more}`;
  }
}
