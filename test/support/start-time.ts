import { runProgram } from './program.ts';

/**
 * How long the program takes to start and end on this machine just now, in milliseconds: the measure for what must happen
 * "within seconds", which a busy machine stretches for every program alike.
 */
export async function startMillis(): Promise<number> {
  const startedAt = performance.now();
  await runProgram(['validate', '--help']);
  return performance.now() - startedAt;
}
