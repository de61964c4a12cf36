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

/** What a process keeps while it waits for Meta: events for a fraction of a second, or changes of audiences until thousands are flushed together. */
export type Held = 'events' | 'changes';

/** Both halves of V8's young generation, at most. */
const youngBytes: Readonly<Record<Held, number>> = {
  /**
   * Half of it takes 15 % more time: what is read in one fetch would outlive a collection, and be copied twice
   * (docs/decisions/0480-where-the-time-of-a-purchase-goes.md).
   */
  events: 32 * 1024 * 1024,
  /** What waits for a flush outlives it whatever its size, and a small one stays in the processor's cache (docs/decisions/0620-collecting-what-waits.md). */
  changes: 16 * 1024 * 1024,
};

/**
 * Lets it grow to that size again. To be called when all is loaded: it is between turns of the event loop that the growth is
 * ended, and loading is one long turn.
 *
 * @param held `changes`: nothing else.
 */
export function letYoungGenerationGrow(held: Held = 'events'): void {
  const most = youngBytes[held];
  if (!surroundings().isOwnProcess || youngSize() >= most) return;
  setFlagsFromString('--semi-space-growth-factor=2');
  // It grows only when it is collected.
  const observer = new PerformanceObserver(() => {
    if (youngSize() < most) return;
    observer.disconnect();
    keepYoungGenerationSmall();
  });
  observer.observe({ entryTypes: ['gc'] });
}

function youngSize(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? youngBytes.events;
}

/** How far V8's old generation may grow before it is collected, in percent of its size after the last collection. */
const growth = 100;

/**
 * Makes V8 collect its old generation earlier: by default it would let it grow to four times its size
 * (docs/decisions/0002-memory.md).
 */
export function keepOldGenerationSmall(): void {
  if (!surroundings().isOwnProcess) return;
  setFlagsFromString(`--heap-growing-percent=${growth}`);
  // After a few that waited long, V8 would create all objects of their kind in the old generation, where those that live for
  // a moment are collected as late as the others.
  setFlagsFromString('--no-allocation-site-pretenuring');
}
