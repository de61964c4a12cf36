import type { PendingRecord } from '../../core/delivery.ts';
import type { DeadLetter } from '../../core/dead-letter.ts';
import { backoffMillis } from '../../core/backoff.ts';
import { messageOf } from '../../core/errors.ts';
import type { Clock, DeadLetterQueue, Telemetry } from '../../core/ports.ts';

const maxPerWrite = 500;
/** A single dead letter may be larger. */
const maxBytesPerWrite = 4 * 1024 * 1024;
const backoff = { firstMillis: 500, longestMillis: 30_000 };

/**
 * Writes dead letters in order, several at a time, and reports each when it is durable. Never gives one up, except those
 * of partitions that went to another process, which writes its own. What waits is bounded by the records in flight,
 * whose bytes are counted until their dead letters are written.
 */
export interface DeadLetterWriter {
  /** `written` is called once the dead letter is durable, or its partition went to another process. */
  add(deadLetter: DeadLetter, pending: PendingRecord, written: () => void): void;
  idle(): boolean;
  /** Why the last write failed, while it is still to be repeated. */
  failing(): string | undefined;
  /** Stops trying: what isn't written is not settled. */
  abort(): void;
}

interface Waiting {
  readonly deadLetter: DeadLetter;
  readonly pending: PendingRecord;
  readonly written: () => void;
}

export function createDeadLetterWriter(queue: DeadLetterQueue, clock: Clock, telemetry: Telemetry): DeadLetterWriter {
  const abortion = new AbortController();
  let waiting: Waiting[] = [];
  let writing = false;
  let failing: string | undefined;

  /** The first dead letters that make one write. Those of partitions that went to another process are taken out. */
  function nextChunk(): readonly Waiting[] {
    const chunk: Waiting[] = [];
    let looked = 0;
    let bytes = 0;
    for (const item of waiting) {
      const size = item.deadLetter.record.value?.length ?? 0;
      if (chunk.length >= maxPerWrite || (chunk.length > 0 && bytes + size > maxBytesPerWrite)) break;
      looked += 1;
      if (item.pending.abandoned) {
        item.written();
        continue;
      }
      chunk.push(item);
      bytes += size;
    }
    waiting = [...chunk, ...waiting.slice(looked)];
    return chunk;
  }

  async function writeAll(): Promise<void> {
    writing = true;
    let failures = 0;
    while (waiting.length > 0 && !abortion.signal.aborted) {
      const chunk = nextChunk();
      if (chunk.length === 0) continue;
      try {
        await queue.write(chunk.map((item) => item.deadLetter));
      } catch (error) {
        failures += 1;
        const waitMillis = backoffMillis(backoff, failures);
        failing = messageOf(error);
        telemetry.emit({ kind: 'dead_letters_failed', message: failing, waitMillis });
        await clock.sleep(waitMillis, abortion.signal);
        continue;
      }
      failures = 0;
      failing = undefined;
      waiting = waiting.slice(chunk.length);
      for (const item of chunk) item.written();
    }
    // What could not be written may have gone to another process.
    failing = undefined;
    writing = false;
  }

  return {
    add(deadLetter, pending, written) {
      waiting.push({ deadLetter, pending, written });
      if (!writing) void writeAll();
    },
    idle: () => waiting.length === 0 && !writing,
    failing: () => failing,
    abort: () => abortion.abort(),
  };
}
