import { setFlagsFromString } from 'node:v8';
import { surroundings } from './surroundings.ts';

/**
 * Keeps V8's young generation at the size that it has after loading. Events live for milliseconds: a young generation
 * that doubles to tens of megabytes under load collects no more of them, and was a third of the resident memory
 * (docs/decisions/0002-memory.md).
 */
export function keepYoungGenerationSmall(): void {
  if (!surroundings().isOwnProcess) return;
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** How far V8's old generation may grow before it is collected, in percent of its size after the last collection. */
const growth = {
  /** Events are in flight for a fraction of a second. */
  events: 100,
  /** Changes of audiences wait until thousands are flushed together, so all of them get into the old generation. */
  changes: 60,
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
