import type { LoopFigures } from './loop-figures.ts';
import type { Program } from './program.ts';
import type { SinkProcess } from './sink-process.ts';

/** What one run of the product or the floor took, from the moment when it was about to read until all had arrived. */
export interface Run {
  /** Without what the first process stood still for. */
  readonly seconds: number;
  readonly perSecond: number;
  /** Processor time of the measured processes only, microseconds per event. */
  readonly cpuMicros: number;
  readonly peakBytes: number;
  /** Resident memory of the first process, every quarter of a second. */
  readonly residentBytes: readonly number[];
  /** Share of the whole processor time, starting up included. NaN: it stood still, perhaps in the midst of a collection. */
  readonly gcShare: number;
  readonly lost: number;
  /** Arrived more than once. */
  readonly repeated: number;
  readonly latency: { readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number };
  readonly requests: number;
  /** Of the first process. */
  readonly loop: LoopFigures | undefined;
}

export interface RunOptions {
  readonly sink: SinkProcess;
  /** So many events, each of which arrives so many `times` (default 1). */
  readonly expected: number;
  readonly times?: number;
  /** How long the sink takes to answer. */
  readonly delayMillis?: number;
  readonly start: () => readonly Program[];
  /**
   * The first `events` must arrive before anything counts; `feed` resolves when they are written. Without it they are
   * part of a backlog, of which more may have arrived by then: they don't count either.
   */
  readonly warmUp?: { readonly events: number; readonly feed?: (programs: readonly Program[]) => Promise<void> };
  /** Work to do once they are ready: producing. */
  readonly feed?: () => Promise<void>;
  /**
   * The sink gives no answers while it is fed, so that a backlog lies before processes that have shared out the topic
   * already. The clock runs from the first answer, and counts what arrives from then on.
   */
  readonly heldWhileFed?: boolean;
  /** Processor time counts from the start of the processes, not from when they are ready. */
  readonly startCounts?: boolean;
}

const sampleMillis = 250;
const patienceMillis = 120_000;

export async function measure(options: RunOptions): Promise<Run> {
  const { sink, expected: events, times = 1, warmUp, delayMillis = 0 } = options;
  const expected = events * times;
  const warm = warmUp?.events ?? 0;
  await sink.reset({ expected: events, times, warm, delayMillis });
  const warmed = whenArrived(sink, warm);
  const arrived = whenArrived(sink, expected);
  const programs = options.start();
  try {
    await Promise.all(programs.map(({ ready }) => ready));
    if (warmUp !== undefined) await Promise.all([warmUp.feed?.(programs), warmed.all]);
    for (const one of programs) one.countPauses();
    const startCounts = options.startCounts === true;
    const cpuBefore = startCounts ? 0 : cpuOf(programs);
    const uncounted = startCounts ? 0 : arrived.count();
    const held = options.heldWhileFed === true;
    if (held) {
      sink.hold();
      await options.feed?.();
      sink.release();
    }
    const active = () => performance.now() - (programs[0]?.pausedMillis() ?? 0);
    const startedAt = active();
    const before = arrived.count();
    const residentBytes: number[] = [];
    const sampling = setInterval(() => residentBytes.push(programs[0]?.residentBytes() ?? 0), sampleMillis);
    const ends = programs.map(({ ended, log }) => ended.then((code) => Promise.reject(new Error(`${code}: ${log()}`))));
    await Promise.race([Promise.all([arrived.all, held ? undefined : options.feed?.()]), ...ends]).finally(() =>
      clearInterval(sampling),
    );
    const seconds = (active() - startedAt) / 1000;
    const cpuAfter = cpuOf(programs);
    const cpuMillis = cpuAfter - cpuBefore;
    const peakBytes = Math.max(...programs.map((one) => one.peakResidentBytes()));
    const loops = await Promise.all(programs.map((one) => one.stop()));
    const stoodStill = programs.some((one) => one.pausedMillis() > 0);
    const gcMillis = loops.reduce((sum, one) => sum + (one?.gcMillis ?? Number.NaN), 0);
    const { received, unique, latency, requests } = await sink.report();
    return {
      seconds,
      perSecond: (unique - before) / seconds,
      cpuMicros: (cpuMillis * 1000) / (unique - uncounted),
      peakBytes,
      residentBytes,
      gcShare: stoodStill ? Number.NaN : gcMillis / cpuAfter,
      lost: expected - unique,
      repeated: received - unique,
      latency,
      requests,
      loop: loops[0],
    };
  } finally {
    warmed.giveUp();
    arrived.giveUp();
    for (const one of programs) one.kill();
  }
}

/** Ends also when nothing has come for two minutes: what is missing then is lost. */
function whenArrived(sink: SinkProcess, expected: number) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let count = 0;
  let timer = setTimeout(resolve, patienceMillis);
  const silence = sink.onReceived((unique) => {
    clearTimeout(timer);
    count = unique;
    if (unique >= expected) resolve();
    else timer = setTimeout(resolve, patienceMillis);
  });
  const giveUp = () => {
    clearTimeout(timer);
    silence();
  };
  return { all: promise, count: () => count, giveUp };
}

function cpuOf(programs: readonly Program[]): number {
  return programs.reduce((sum, one) => sum + one.cpuMillis(), 0);
}
