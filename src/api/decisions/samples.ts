import type { SourceRecord } from '../../core/record.ts';

/** The records of the decisions that were told of last. */
export interface Samples {
  /** Its id; undefined: it is too large to be kept. */
  keep(record: SourceRecord): string | undefined;
  of(id: string): SourceRecord | undefined;
  clear(): void;
}

const most = 100;
const mostBytes = 64 * 1024;

export function createSamples(): Samples {
  const kept = new Map<string, SourceRecord>();
  let count = 0;

  return {
    keep({ topic, partition, offset, next, timestamp, value, event }) {
      if (value !== null && value.length > mostBytes) return undefined;
      count += 1;
      const id = `s${count}`;
      kept.set(id, {
        ...{ topic, partition, offset, next, timestamp, key: null, headers: undefined },
        value: value === null ? null : Buffer.from(value),
        ...(event !== undefined && { event }),
      });
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
      return id;
    },
    of: (id) => kept.get(id),
    clear: () => kept.clear(),
  };
}
