import type { Program } from './program.ts';
import type { SinkProcess } from './sink-process.ts';

/** What one run of the product or the floor took, from the moment when it was about to read until all had arrived. */
export interface Run {
  readonly seconds: number;
  readonly perSecond: number;
  /** Processor time of the measured processes only, microseconds per event. */
  readonly cpuMicros: number;
  readonly peakBytes: number;
  /** Resident memory of the first process, every quarter of a second. */
  readonly residentBytes: readonly number[];
  /** Share of the whole processor time, starting up included. */
  readonly gcShare: number;
  readonly lost: number;
  /** Arrived more than once. */
  readonly repeated: number;
  readonly latency: { readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number };
  readonly requests: number;
}

export interface RunOptions {
  readonly sink: SinkProcess;
  readonly expected: number;
  /** How long the sink takes to answer. */
  readonly delayMillis?: number;
  readonly start: () => readonly Program[];
  /** Work to do once they are ready: producing. Counts as part of the run. */
  readonly feed?: () => Promise<void>;
  /** When the feed may begin, after all are ready. */
  readonly settled?: (programs: readonly Program[]) => Promise<void>;
}

const sampleMillis = 250;
const patienceMillis = 120_000;

export async function measure(options: RunOptions): Promise<Run> {
  const { sink, expected } = options;
  await sink.reset(expected, options.delayMillis);
  const arrived = whenArrived(sink, expected);
  const programs = options.start();
  try {
    await Promise.all(programs.map(({ ready }) => ready));
    await options.settled?.(programs);
    const cpuBefore = cpuOf(programs);
    const startedAt = performance.now();
    const residentBytes: number[] = [];
    const sampling = setInterval(() => residentBytes.push(programs[0]?.residentBytes() ?? 0), sampleMillis);
    const ends = programs.map(({ ended, log }) => ended.then((code) => Promise.reject(new Error(`${code}: ${log()}`))));
    await Promise.race([Promise.all([arrived.all, options.feed?.()]), ...ends]).finally(() => clearInterval(sampling));
    const seconds = (performance.now() - startedAt) / 1000;
    const cpuAfter = cpuOf(programs);
    const cpuMillis = cpuAfter - cpuBefore;
    const peakBytes = Math.max(...programs.map((one) => one.peakResidentBytes()));
    for (const end of ends) end.catch(() => undefined);
    const gcMillis = (await Promise.all(programs.map((one) => one.stop()))).reduce((sum, one) => sum + one, 0);
    const { received, unique, latency, requests } = await sink.report();
    return {
      seconds,
      perSecond: unique / seconds,
      cpuMicros: (cpuMillis * 1000) / unique,
      peakBytes,
      residentBytes,
      gcShare: gcMillis / cpuAfter,
      lost: expected - unique,
      repeated: received - unique,
      latency,
      requests,
    };
  } finally {
    arrived.giveUp();
    for (const one of programs) one.kill();
  }
}

/** Ends also when nothing has come for two minutes: what is missing then is lost. */
function whenArrived(sink: SinkProcess, expected: number) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let timer = setTimeout(resolve, patienceMillis);
  const silence = sink.onReceived((unique) => {
    clearTimeout(timer);
    if (unique >= expected) resolve();
    else timer = setTimeout(resolve, patienceMillis);
  });
  const giveUp = () => {
    clearTimeout(timer);
    silence();
  };
  return { all: promise, giveUp };
}

function cpuOf(programs: readonly Program[]): number {
  return programs.reduce((sum, one) => sum + one.cpuMillis(), 0);
}
