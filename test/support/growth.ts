import { cpuUsage } from 'node:process';

/**
 * How many times the processor time grows when the work grows `factor` times: about `factor` where it is linear, its
 * square where it is quadratic. A ratio of times of one process, so that neither the machine nor what else it does counts.
 */
export function growth(work: (size: number) => unknown, size: number, factor: number): number {
  const small = size / factor;
  work(small);
  return (
    least(() => work(size), 3) /
    Math.max(
      least(() => work(small), 10),
      clockMicros,
    )
  );
}

/** Shorter times say nothing. */
const clockMicros = 100;

/** The least processor time of so many runs, in microseconds. */
export function least(work: () => unknown, times: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let time = 0; time < times; time++) {
    const before = cpuUsage();
    work();
    const { user, system } = cpuUsage(before);
    best = Math.min(best, user + system);
  }
  return best;
}
