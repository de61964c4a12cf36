import type { DeadLetter } from '../../core/dead-letter.ts';
import type { DeadLetterBrowser } from '../../core/dead-letter-browser.ts';
import { createDeadLetterGroups, type DeadLetterGroups } from './groups.ts';

/** The groups of an archive, brought up to date by what came since the last time: pages ask every few seconds. */
export interface KnownGroups {
  upToDate(): Promise<{ readonly groups: DeadLetterGroups; readonly looked: number }>;
}

interface Known {
  readonly groups: DeadLetterGroups;
  readonly startedAt: number;
  /** Of each partition, what was there at first, and up to where it was read. */
  readonly lows: Map<number, number>;
  readonly ends: Map<number, number>;
  looked: number;
}

/** When the broker has deleted some, they are counted anew; not more often than this. */
const anewMillis = 10 * 60_000;

/** @param now Unix milliseconds. */
export function createKnownGroups(
  browser: Pick<DeadLetterBrowser, 'ranges' | 'readBack'>,
  now: () => number,
): KnownGroups {
  const { signal } = new AbortController();
  let known: Known | undefined;
  let reading: Promise<Known> | undefined;

  async function read(): Promise<Known> {
    const ranges = await browser.ranges(signal);
    const isCut = [...ranges].some(([partition, { low, high }]) => {
      const wasCut = low > (known?.lows.get(partition) ?? low);
      return wasCut || high < (known?.ends.get(partition) ?? 0);
    });
    if (known === undefined || (isCut && now() - known.startedAt > anewMillis)) {
      known = { groups: createDeadLetterGroups(), startedAt: now(), lows: new Map(), ends: new Map(), looked: 0 };
    }
    const current = known;
    const add = (deadLetter: DeadLetter) => void current.groups.add(deadLetter);
    for (const [partition, { low, high }] of ranges) {
      if (!current.lows.has(partition)) current.lows.set(partition, low);
      const from = Math.max(low, current.ends.get(partition) ?? low);
      if (from >= high) continue;
      const range = { low: from, end: high };
      // A part of what it would have read is counted already, should it fail.
      known = undefined;
      const { looked } = await browser.readBack(partition, range, Number.POSITIVE_INFINITY, add, signal);
      known = current;
      current.ends.set(partition, high);
      current.looked += looked;
    }
    return current;
  }

  return {
    async upToDate() {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
  };
}
