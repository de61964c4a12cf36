import type { Telemetry } from '../core/ports.ts';
import type { Condition } from './condition.ts';

export interface DeadLetterRateOptions {
  /** From 0 to 1. */
  readonly share: number;
  monotonic(): number;
}

export interface DeadLetterRate {
  /** Counts what was read and what was set aside. */
  readonly observer: Telemetry;
  conditions(): readonly Condition[];
}

const bucketMillis = 60_000;
const buckets = 15;
/** Fewer say nothing about the rest. */
const fewest = 20;
const mostCodes = 20;
const shownCodes = 3;

interface Bucket {
  readonly number: number;
  read: number;
  setAside: number;
  readonly codes: Map<string, number>;
}

/** Whether more of the last quarter of an hour was set aside than people want to let pass. */
export function createDeadLetterRate({ share, monotonic }: DeadLetterRateOptions): DeadLetterRate {
  let kept: Bucket[] = [];

  function current(): Bucket {
    const number = Math.floor(monotonic() / bucketMillis);
    const last = kept.at(-1);
    if (last?.number === number) return last;
    const bucket: Bucket = { number, read: 0, setAside: 0, codes: new Map() };
    kept = [...recent(number), bucket];
    return bucket;
  }

  const recent = (number: number) => kept.filter((bucket) => bucket.number > number - buckets);

  return {
    observer: {
      emit(event) {
        if (event.kind === 'records_read') current().read += event.count;
        if (event.kind !== 'dead_letter') return;
        const bucket = current();
        bucket.setAside += 1;
        const count = bucket.codes.get(event.code);
        if (count !== undefined || bucket.codes.size < mostCodes) bucket.codes.set(event.code, (count ?? 0) + 1);
      },
    },
    conditions() {
      const counted = recent(Math.floor(monotonic() / bucketMillis));
      const read = sum(counted.map((bucket) => bucket.read));
      const setAside = sum(counted.map((bucket) => bucket.setAside));
      if (setAside < fewest || setAside <= share * read) return [];
      return [
        {
          kind: 'dead_letter_rate',
          subject: 'dead letters',
          code: 'DEAD_LETTER_RATE',
          message: `${setAside} of ${read} records of the last 15 minutes were set aside: ${commonest(counted)}.`,
          fix: 'Look at the first of each code in the console or the log, put right its cause, and replay them.',
        },
      ];
    },
  };
}

function commonest(counted: readonly Bucket[]): string {
  const codes = new Map<string, number>();
  for (const bucket of counted) {
    for (const [code, count] of bucket.codes) codes.set(code, (codes.get(code) ?? 0) + count);
  }
  const first = [...codes].toSorted(([, a], [, b]) => b - a).slice(0, shownCodes);
  return first.map(([code, count]) => `${code} ${count}`).join(', ');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
