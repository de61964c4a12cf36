import { randomBytes } from 'node:crypto';
import type { SourceRecord } from '../../core/record.ts';

/** The records of the decisions that were told of last, and those that somebody chose to look at. */
export interface Samples {
  /** Its id; undefined: it is too large to be kept. */
  keep(record: SourceRecord): string | undefined;
  /** Who asks for one goes on asking, with every change of a mapping: it stays while newer ones come and go. */
  of(id: string): SourceRecord | undefined;
  clear(): void;
}

const most = 1_000;
const mostBytes = 8 * 1024 * 1024;
const longestValue = 64 * 1024;
const mostChosen = 20;

export function createSamples(): Samples {
  const newest = new Map<string, SourceRecord>();
  const chosen = new Map<string, SourceRecord>();
  /** A page outlives this process: what it was told of before is not what the next one tells of. */
  const series = randomBytes(6).toString('base64url');
  let count = 0;
  let bytes = 0;

  return {
    keep({ topic, partition, offset, next, timestamp, value, event }) {
      if (value !== null && value.length > longestValue) return undefined;
      count += 1;
      const id = `${series}.${count}`;
      newest.set(id, {
        ...{ topic, partition, offset, next, timestamp, key: null, headers: undefined },
        value: value === null ? null : Buffer.from(value),
        ...(event !== undefined && { event }),
      });
      bytes += value?.length ?? 0;
      while (newest.size > most || bytes > mostBytes) {
        const dropped = dropOldest(newest);
        if (dropped === undefined) break;
        bytes -= dropped.value?.length ?? 0;
      }
      return id;
    },
    of(id) {
      const found = chosen.get(id) ?? newest.get(id);
      if (found === undefined) return undefined;
      chosen.delete(id);
      chosen.set(id, found);
      if (chosen.size > mostChosen) dropOldest(chosen);
      return found;
    },
    clear() {
      newest.clear();
      chosen.clear();
      bytes = 0;
    },
  };
}

function dropOldest(records: Map<string, SourceRecord>): SourceRecord | undefined {
  const [oldest] = records;
  if (oldest === undefined) return undefined;
  records.delete(oldest[0]);
  return oldest[1];
}
