import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BackoffTimes } from '../core/backoff.ts';
import type { TrafficNews } from '../api/traffic/news.ts';
import type { Order, Question, Questions, Report } from './messages.ts';
import { createRestarts } from './restarts.ts';
import { createWorkerLines } from './worker-lines.ts';

/** Of a process that a signal has ended, or that could not be started. */
const killedCode = 1;

/** Where a worker is in its life. */
export type WorkerState = 'starting' | 'running' | 'restarting' | 'ended';

export interface WorkerOptions {
  readonly number: number;
  /** Starts a process of the worker, whose stderr is a pipe, with a channel. */
  spawn(number: number): ChildProcess;
  writeLine(line: string): void;
  begun(worker: Worker, pid: number | undefined): void;
  /** Events flow. */
  runs(worker: Worker): void;
  news(news: TrafficNews): void;
  decision(stream: number, decision: unknown, worker: Worker): void;
  /** It ended and is started again. */
  restarts(code: number, waitMillis: number): void;
  /** It has ended, and that ends the run: before it ran at all, or time and again. */
  gaveUp(code: number, ran: boolean): void;
  /** A process of it has ended; its figures are over. */
  ended(): void;
  /** Milliseconds that only go on. */
  monotonic(): number;
  /** Between an end and the next start. */
  readonly restartWaits?: BackoffTimes | undefined;
}

export interface AskOptions {
  readonly withinMillis: number;
  /** Whoever wanted to know has gone. */
  readonly signal?: AbortSignal;
}

/** A member of the group, whichever process is it just now. */
export interface Worker {
  readonly number: number;
  /** How many processes were this worker so far. */
  process(): number;
  state(): WorkerState;
  /** Undefined: no answer within the time, or it was dropped. */
  ask<Q extends Question>(
    question: Q,
    asked: Questions[Q]['asked'],
    options: AskOptions,
  ): Promise<Questions[Q]['answer'] | undefined>;
  order(message: Order): void;
  /** Heard of since the last call. */
  spoke(): boolean;
  /** An answer was waited for in vain, and nothing has come since. */
  isSilent(): boolean;
  /** Ends the process at once; another one is started. */
  kill(): void;
  /** Resolves with the exit code; of one that isn't there, with that of success: nothing of it is under way. */
  stop(withinMillis: number): Promise<number>;
  /** Resolves when events flow for the first time. */
  readonly started: Promise<void>;
}

export function createWorker(options: WorkerOptions): Worker {
  const { number, monotonic } = options;
  const restarts = createRestarts(options.restartWaits);
  const started = Promise.withResolvers<void>();
  const waiting = new Map<number, (answer: unknown) => void>();
  let asked = 0;
  let heard = false;
  let silent = false;
  let ran = false;
  let state: WorkerState = 'starting';
  let stopping = false;
  let processes = 0;
  let child: ChildProcess;
  let exited: Promise<number>;
  let timer: NodeJS.Timeout | undefined;

  function order(message: Order): void {
    // To one that is just ending; that is heard of by its end.
    if (child.connected) child.send(message, () => undefined);
  }

  function take(report: Report): void {
    heard = true;
    silent = false;
    switch (report.kind) {
      case 'started':
        state = 'running';
        ran = true;
        options.runs(worker);
        started.resolve();
        return;
      case 'news':
        options.news(report.news);
        return;
      case 'decision':
        options.decision(report.stream, report.decision, worker);
        return;
      default:
        waiting.get(report.id)?.(report.kind === 'answer' ? report.answer : undefined);
    }
  }

  function begin(): void {
    state = 'starting';
    silent = false;
    processes += 1;
    const since = monotonic();
    const process = options.spawn(number);
    child = process;
    options.begun(worker, process.pid);
    const lines = createWorkerLines(number, options.writeLine);
    process.stderr?.setEncoding('utf8').on('data', lines.take);
    process.on('message', (message) => take(message as Report));
    exited = new Promise((resolve) => {
      // `close`: and everything that it said has come.
      process.once('close', (code) => resolve(code ?? killedCode));
      process.once('error', () => resolve(killedCode));
    });
    void exited.then((code) => {
      lines.end();
      ends(code, monotonic() - since);
    });
  }

  function ends(code: number, ranMillis: number): void {
    state = 'ended';
    for (const resolve of waiting.values()) resolve(undefined);
    options.ended();
    if (stopping) return;
    const wait = ran ? restarts.next(ranMillis) : undefined;
    if (wait === undefined) {
      options.gaveUp(code, ran);
      return;
    }
    state = 'restarting';
    options.restarts(code, wait);
    timer = setTimeout(begin, wait);
  }

  const worker: Worker = {
    number,
    process: () => processes,
    state: () => state,
    async ask(question, what, { withinMillis, signal }) {
      const id = ++asked;
      const late = new AbortController();
      const answered = new Promise<unknown>((resolve) => waiting.set(id, resolve));
      order({ kind: 'ask', id, question, asked: what });
      const ends = signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]);
      const overdue = sleep(withinMillis, true, { signal: ends }).catch(() => false);
      const answer = await Promise.race([
        answered,
        overdue.then((isOverdue) => {
          silent ||= isOverdue && state === 'running' && isQuick(question);
          if (!late.signal.aborted) order({ kind: 'drop', id });
          return undefined;
        }),
      ]);
      late.abort();
      waiting.delete(id);
      return answer as Questions[typeof question]['answer'] | undefined;
    },
    order,
    spoke() {
      const was = heard;
      heard = false;
      return was || state === 'restarting' || state === 'ended';
    },
    isSilent: () => silent,
    kill: () => void child.kill('SIGKILL'),
    async stop(withinMillis) {
      if (!stopping) {
        stopping = true;
        clearTimeout(timer);
      }
      if (state === 'restarting') {
        state = 'ended';
        return 0;
      }
      order({ kind: 'stop' });
      const killing = setTimeout(() => child.kill('SIGKILL'), withinMillis);
      const code = await exited;
      clearTimeout(killing);
      return code;
    },
    started: started.promise,
  };
  begin();
  return worker;
}

/** Nothing but a busy or a stopped process keeps it from answering these at once. */
function isQuick(question: Question): boolean {
  return question === 'figures' || question === 'facts';
}
