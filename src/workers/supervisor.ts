import type { ChildProcess } from 'node:child_process';
import type { Logger } from 'pino';
import type { ProcessSettings } from '../config/environment.ts';
import type { Readiness } from '../observe/ops-options.ts';
import { type OpsServer, startOpsServer } from '../observe/ops-server.ts';
import type { Figures } from './messages.ts';
import { refuseConsole } from './no-console.ts';
import { createSupervisorMetrics } from './supervisor-metrics.ts';
import { addUpReadiness } from './summed-readiness.ts';
import { createWorker, type Worker } from './worker.ts';

export interface SupervisorOptions {
  readonly settings: ProcessSettings;
  readonly workers: number;
  readonly version: string;
  readonly log: Logger;
  spawn(number: number): ChildProcess;
  writeLine(line: string): void;
  /** Milliseconds that only go on. */
  monotonic(): number;
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
  /** Reads the mappings again in every worker. */
  reload(): Promise<void>;
  /** Resolves with the worst exit code when every worker has settled what it had, or its time is over. */
  stop(): Promise<number>;
  /** Ends everything at once. */
  kill(): void;
}

/** Before a scraper has lost its patience. */
const answerMillis = 2_000;
const pollMillis = 5_000;
/** So many polls without a word, which is a minute, and the worker hangs. Polls and not time: the machine may have slept. */
const mostSilentPolls = 12;
/** Half a minute. */
const idlePollsToTell = 6;
/** For what comes after the time that a worker gives itself: it leaves its group, and writes its last lines. */
const endMillis = 4_000;
/** Reading of mappings may wait for a disk. */
const reloadMillis = 30_000;

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { settings, log, monotonic } = options;
  const gaveUp = Promise.withResolvers<GivenUp>();
  const latest = new Map<number, Figures>();
  let workers: readonly Worker[] = [];
  let stopping = false;
  let ops: OpsServer | undefined;
  let timer: NodeJS.Timeout | undefined;

  const metrics = createSupervisorMetrics({
    version: options.version,
    now: Date.now,
    states: () => workers.map((worker) => worker.state()),
    lanes: () => [...latest.values()].flatMap(({ lanes }) => lanes),
    ready: () => readiness().reasons.length === 0,
  });

  function begun(number: number): Worker {
    return createWorker({
      number,
      spawn: options.spawn,
      writeLine: options.writeLine,
      monotonic,
      begun: (pid) => log.info({ kind: 'worker_begun', worker: number, pid }, 'a worker begins'),
      restarts(code, waitMillis) {
        metrics.restarted();
        log.error(
          { kind: 'worker_ended', worker: number, code, waitMillis },
          'a worker has ended: it is started again',
        );
      },
      gaveUp: (code, ran) => gaveUp.resolve({ worker: number, code, ran }),
      ended() {
        const figures = latest.get(number);
        latest.delete(number);
        if (figures !== undefined) metrics.keep(figures.metrics);
      },
    });
  }

  async function refresh(worker: Worker): Promise<void> {
    const figures = await worker.ask('figures', answerMillis);
    // It may have ended while it was waited for.
    const isThere = worker.state() === 'starting' || worker.state() === 'running';
    if (figures !== undefined && isThere) latest.set(worker.number, figures);
  }

  let asking: Promise<unknown> | undefined;
  /** The figures of now; of a worker that doesn't answer, the last ones. */
  function askAll(): Promise<unknown> {
    asking ??= Promise.all(workers.map(refresh)).finally(() => {
      asking = undefined;
    });
    return asking;
  }

  function readiness(): Readiness {
    const said = workers.map((worker) => {
      const { reasons, degraded } = latest.get(worker.number)?.readiness ?? { reasons: notThere(worker), degraded: [] };
      return { worker: worker.number, reasons, degraded };
    });
    const { reasons, degraded } = addUpReadiness(said);
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
    const shares = workers.map(({ number }) => latest.get(number)?.partitions);
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
    await askAll();
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
          await askAll();
          return metrics.expose([...latest.values()].map((figures) => figures.metrics));
        },
      },
      async readiness() {
        await askAll();
        return readiness();
      },
      alive: () => true,
      serve: refuseConsole,
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
    return Math.max(0, ...codes);
  }

  return {
    start,
    gaveUp: gaveUp.promise,
    async reload() {
      await Promise.all(workers.map((worker) => worker.ask('reload', reloadMillis)));
    },
    stop,
    kill() {
      for (const worker of workers) worker.kill();
    },
  };
}

/** Why a worker of which nothing is known isn't ready. */
function notThere(worker: Worker): readonly string[] {
  return [worker.state() === 'restarting' ? 'it has ended and is started again' : 'the source is not ready'];
}
