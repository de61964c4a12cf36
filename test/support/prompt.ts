import { runProgram } from './program.ts';

/** Of a program that starts and waits for nothing but its own time-outs. */
const quietMillis = 15_000;
/** A run loads several times as much as the help does, and shares the machine with whatever comes up meanwhile. */
const starts = 50;

/**
 * The most that may pass, in milliseconds, where something must happen within seconds: 15 s, and on a busy machine as much
 * more as every program takes longer there just now.
 */
export async function promptMillis(): Promise<number> {
  const startedAt = performance.now();
  await runProgram(['validate', '--help']);
  return quietMillis + starts * (performance.now() - startedAt);
}
