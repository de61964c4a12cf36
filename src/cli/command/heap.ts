import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { surroundings } from './surroundings.ts';

/**
 * Keeps V8's young generation at the size that it has now. Events live for milliseconds: one that doubles to 128 MB
 * under load collects no more of them, and was a third of the resident memory (docs/decisions/0002-memory.md).
 */
export function keepYoungGenerationSmall(): void {
  if (surroundings().isOwnProcess) setFlagsFromString('--semi-space-growth-factor=1');
}

/** Both halves of V8's young generation. */
const youngBytes = 32 * 1024 * 1024;

/**
 * Lets it grow to that size again. Half of it takes 15 % more time: what is read in one fetch would outlive a collection,
 * and be copied twice (docs/decisions/0480-where-the-time-of-a-purchase-goes.md). To be called when all is loaded: it is
 * between turns of the event loop that the growth is ended, and loading is one long turn.
 */
export function letYoungGenerationGrow(): void {
  if (!surroundings().isOwnProcess || youngSize() >= youngBytes) return;
  setFlagsFromString('--semi-space-growth-factor=2');
  // It grows only when it is collected.
  const observer = new PerformanceObserver(() => {
    if (youngSize() < youngBytes) return;
    observer.disconnect();
    keepYoungGenerationSmall();
  });
  observer.observe({ entryTypes: ['gc'] });
}

function youngSize(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? youngBytes;
}

/** How far V8's old generation may grow before it is collected, in percent of its size after the last collection. */
const growth = {
  /** Events are in flight for a fraction of a second. */
  events: 100,
  /** Changes of audiences wait until thousands are flushed together, so all of them get into the old generation. */
  changes: 40,
} as const;

/**
 * Makes V8 collect its old generation earlier: by default it would let it grow to four times its size
 * (docs/decisions/0002-memory.md).
 */
export function keepOldGenerationSmall(holds: keyof typeof growth): void {
  if (!surroundings().isOwnProcess) return;
  setFlagsFromString(`--heap-growing-percent=${growth[holds]}`);
  // After a few events that waited long, V8 would create all objects of their kind in the old generation.
  if (holds === 'events') setFlagsFromString('--no-allocation-site-pretenuring');
}
