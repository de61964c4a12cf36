import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation at the size that it has after loading. Events live for milliseconds: a young generation
 * that doubles to tens of megabytes under load collects no more of them, and was a third of the resident memory
 * (docs/decisions/0002-memory.md).
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** How far V8's old generation may grow before it is collected, in percent of what was left the last time. */
const growth = {
  /** Events are in flight for a fraction of a second. */
  events: 100,
  /** Changes of audiences wait for a flush of thousands, so that all of them get into the old generation. */
  changes: 12,
} as const;

/**
 * Has V8 collect its old generation earlier than it would: left to itself it lets it grow to four times its size
 * (docs/decisions/0002-memory.md).
 */
export function keepOldGenerationSmall(holds: keyof typeof growth): void {
  setFlagsFromString(`--heap-growing-percent=${growth[holds]}`);
  // V8 takes a few events that waited long for a sign that all such objects do, and makes them in the old generation.
  if (holds === 'events') setFlagsFromString('--no-allocation-site-pretenuring');
}
