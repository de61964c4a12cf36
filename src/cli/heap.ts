import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation at the size that it has after loading. Events live for milliseconds: a young generation
 * that doubles to tens of megabytes under load collects no more of them, and was a third of the resident memory
 * (docs/decisions/0002-memory.md).
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Lets V8's old generation grow by three fifths, not to four times its size, before it is collected. For changes of audiences:
 * they live for a second or more, so that all of them get there (docs/decisions/0002-memory.md).
 */
export function keepOldGenerationSmall(): void {
  setFlagsFromString('--heap-growing-percent=60');
}
