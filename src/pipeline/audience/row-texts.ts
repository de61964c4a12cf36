import type { EncodedRow } from '../../core/encoded-change.ts';
import { createBatchBuffer, discard } from '../lane/batch-buffer.ts';

/**
 * The texts of a flush's rows: outside of V8's heap once they are many, since they wait there for seconds. Those of few rows
 * stay where they are, as there may be a thousand audiences.
 */
export interface RowTexts {
  take(rows: readonly EncodedRow[]): void;
  /** All of them were sent: nobody reads them any more. */
  discard(): void;
}

const fewBytes = 32 * 1024;
/** Small, since many flushes may be a little above that. */
const bufferBytes = 64 * 1024;

export function createRowTexts(): RowTexts {
  const buffer = createBatchBuffer(bufferBytes);
  let all: EncodedRow[] = [];
  let bytes = 0;
  let moved = false;

  return {
    take(rows) {
      for (const row of rows) {
        all.push(row);
        bytes += row.bytes;
        if (moved) buffer.take(row);
      }
      if (moved || bytes < fewBytes) return;
      moved = true;
      for (const row of all) buffer.take(row);
    },
    discard() {
      discard(all);
      all = [];
    },
  };
}
