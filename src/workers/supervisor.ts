import type { ChildProcess } from 'node:child_process';
import type { Logger } from 'pino';
import type { ProcessSettings } from '../config/environment.ts';
import type { OpsService } from '../connector/ops-service.ts';
import type { Readiness } from '../observe/ops-options.ts';
import { type OpsServer, startOpsServer } from '../observe/ops-server.ts';
import type { BackoffTimes } from '../core/backoff.ts';
import type { TrafficNews } from '../api/traffic/news.ts';
import { createKnownFigures, type KnownFigures } from './known-figures.ts';
import { createSupervisorMetrics } from './supervisor-metrics.ts';
import { createWorker, type Worker } from './worker.ts';

/** Who is told of what workers say, and serves pages about them. */
export interface RunPages {
  /** A process of a worker begins; events don't flow yet. */
  begun(worker: Worker): void;
  /** Events flow in it. */
  runs(worker: Worker): void;
  news(news: TrafficNews): void;
  decision(stream: number, decision: unknown, worker: Worker): void;
  serve(run: Run): OpsService;
}

/** A run, as pages see it. */
export interface Run {
  workers(): readonly Worker[];
  readonly known: KnownFigures;
  isStopping(): boolean;
}

export interface SupervisorOptions {
  readonly settings: ProcessSettings;
  readonly workers: number;
  readonly version: string;
  readonly log: Logger;
  spawn(number: number): ChildProcess;
  writeLine(line: string): void;
  readonly pages: RunPages;
  /** Milliseconds that only go on. */
  monotonic(): number;
  /** How often workers are looked at. Default: every 5 s. */
  readonly pollMillis?: number;
  readonly restartWaits?: BackoffTimes;
}

/** Why a run ends by itself. */
export interface GivenUp {
  readonly worker: number;
  readonly code: number;
  /** It ran before, and was started again time and again. */
  readonly ran: boolean;
}

/** The workers of a run, and the one ops server of all. */
export interface Supervisor {
  /** Resolves when events flow in every worker. */
  start(): Promise<void>;
  /** Resolves when a worker can't be kept running. */
  readonly gaveUp: Promise<GivenUp>;
  /** Every worker reads the mappings again. False: none has. */
  reload(): Promise<boolean>;
  /** New mappings can't be used: a worker tells of it, in its log, figures and messages to people. False: none does. */
  refused(message: string): Promise<boolean>;
  /** Resolves with the worst exit code when every worker has settled what it had, or its time is over. */
  stop(): Promise<number>;
  /** Ends everything at once. */
  kill(): void;
}

const defaultPollMillis = 5_000;
/** So many polls without a word, which is a minute, and the worker hangs. Polls and not time: the machine may have slept. */
const mostSilentPolls = 12;
/** Half a minute. */
const idlePollsToTell = 6;
/** For what comes after the time that a worker gives itself: it leaves its group, and writes its last lines. */
const endMillis = 4_000;
/** Reading of mappings may wait for a disk. */
const reloadMillis = 30_000;
const refusedMillis = 2_000;

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { settings, log, monotonic, pages, pollMillis = defaultPollMillis } = options;
  const gaveUp = Promise.withResolvers<GivenUp>();
  let workers: readonly Worker[] = [];
  let stopping = false;
  let ops: OpsServer | undefined;
  let timer: NodeJS.Timeout | undefined;
  let reloads = 0;
  const known = createKnownFigures(() => workers);
  const service = pages.serve({ workers: () => workers, known, isStopping: () => stopping });

  const metrics = createSupervisorMetrics({
    version: options.version,
    now: Date.now,
    states: () => workers.map((worker) => worker.state()),
    lanes: () => workers.flatMap(({ number }) => known.facts(number)?.lanes ?? []),
    ready: () => readiness().reasons.length === 0,
  });

  function begun(number: number): Worker {
    let reloadsSeen = 0;
    return createWorker({
      number,
      spawn: options.spawn,
      writeLine: options.writeLine,
      monotonic,
      restartWaits: options.restartWaits,
      begun(worker, pid) {
        reloadsSeen = reloads;
        log.info({ kind: 'worker_begun', worker: number, pid }, 'a worker begins');
        pages.begun(worker);
      },
      runs(worker) {
        pages.runs(worker);
        // It may have read the mappings before they were changed.
        if (reloadsSeen !== reloads) void worker.ask('reload', undefined, { withinMillis: reloadMillis });
      },
      news: pages.news,
      decision: pages.decision,
      restarts(code, waitMillis) {
        metrics.restarted();
        log.error(
          { kind: 'worker_ended', worker: number, code, waitMillis },
          'a worker has ended: it is started again',
        );
      },
      gaveUp: (code, ran) => gaveUp.resolve({ worker: number, code, ran }),
      ended() {
        const counted = known.forget(number);
        if (counted !== undefined) metrics.keep(counted);
      },
    });
  }

  function readiness(): Readiness {
    const { reasons, degraded } = known.readiness();
    return { reasons: stopping && !reasons.includes('stopping') ? ['stopping', ...reasons] : reasons, degraded };
  }

  const silent = new Map<Worker, number>();
  function watch(worker: Worker): void {
    const polls = worker.spoke() ? 0 : (silent.get(worker) ?? 0) + 1;
    silent.set(worker, polls);
    if (polls < mostSilentPolls) return;
    silent.set(worker, 0);
    log.error({ kind: 'worker_hangs', worker: worker.number }, 'a worker has not answered for a minute: it is ended');
    worker.kill();
  }

  let idlePolls = 0;
  /** The group shares out whole partitions; while it does that, nobody may have one. */
  function warnOfIdle(): void {
    const shares = workers.map(({ number }) => known.facts(number)?.partitions.length);
    const idle = shares.filter((share) => share === 0).length;
    const isShared = !shares.includes(undefined) && idle > 0 && idle < shares.length;
    idlePolls = isShared ? idlePolls + 1 : 0;
    if (idlePolls !== idlePollsToTell) return;
    log.warn(
      { kind: 'workers_idle', workers: workers.length, idle },
      'workers have no partition: there are more of them',
    );
  }

  async function poll(): Promise<void> {
    await known.probe();
    for (const worker of workers) watch(worker);
    warnOfIdle();
    if (!stopping) timer = setTimeout(() => void poll(), pollMillis);
  }

  async function start(): Promise<void> {
    ops = await startOpsServer({
      host: settings.OPS_HOST,
      port: settings.OPS_PORT,
      metrics: {
        async expose() {
          await known.ask('figures');
          return metrics.expose(known.metrics());
        },
      },
      async readiness() {
        await known.ask('figures');
        return readiness();
      },
      alive: () => true,
      serve: service.routes,
      warn: (code, message) => log.warn({ kind: 'warning', code }, message),
    });
    if (stopping) return;
    timer = setTimeout(() => void poll(), pollMillis);
    // The first one makes what all need: topics, and the positions that the group starts from.
    const first = begun(1);
    workers = [first];
    await first.started;
    if (stopping) return;
    workers = [first, ...Array.from({ length: options.workers - 1 }, (_, index) => begun(index + 2))];
    await Promise.all(workers.map((worker) => worker.started));
    if (stopping) return;
    const { url } = ops;
    log.info({ kind: 'workers_started', workers: options.workers, ops: url }, 'all workers run');
  }

  async function stop(): Promise<number> {
    stopping = true;
    clearTimeout(timer);
    const codes = await Promise.all(workers.map((worker) => worker.stop(settings.SHUTDOWN_TIMEOUT_MS + endMillis)));
    await ops?.close();
    await service.close();
    return Math.max(0, ...codes);
  }

  return {
    start,
    gaveUp: gaveUp.promise,
    async reload() {
      reloads += 1;
      const running = workers.filter((worker) => worker.state() === 'running');
      const answers = await Promise.all(
        // One that is silent does it when it goes on, and isn't waited for.
        running.map((worker) =>
          worker.ask('reload', undefined, { withinMillis: worker.isSilent() ? 0 : reloadMillis }),
        ),
      );
      for (const [at, { number: worker }] of running.entries()) {
        if (answers[at] !== true)
          log.error({ kind: 'worker_not_reloaded', worker }, 'a worker goes on with the mappings of before');
      }
      return running.length === 0 || answers.includes(true);
    },
    async refused(message) {
      const running = workers.filter((worker) => worker.state() === 'running' && !worker.isSilent());
      for (const worker of running) {
        if ((await worker.ask('refused', message, { withinMillis: refusedMillis })) === true) return true;
      }
      return false;
    },
    stop,
    kill() {
      for (const worker of workers) worker.kill();
    },
  };
}
