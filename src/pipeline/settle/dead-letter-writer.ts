import type { PendingRecord } from '../../core/delivery.ts';
import type { DeadLetter } from '../../core/dead-letter.ts';
import { backoffMillis } from '../../core/backoff.ts';
import { messageOf } from '../../core/errors.ts';
import type { Clock, DeadLetterQueue, Telemetry } from '../../core/ports.ts';

const maxLettersPerWrite = 500;
/** A single letter may be larger. */
const maxBytesPerWrite = 4 * 1024 * 1024;
const backoff = { firstMillis: 500, longestMillis: 30_000 };

/**
 * Writes dead letters in order, several at a time, and tells each when it is durable. Never gives one up, but for those
 * of partitions that went to another process, which writes its own. What waits is bounded by the records in flight,
 * whose bytes are counted until their letters are written.
 */
export interface DeadLetterWriter {
  /** `written` is called once the letter is durable, or nobody's any more. */
  add(deadLetter: DeadLetter, pending: PendingRecord, written: () => void): void;
  idle(): boolean;
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

  /** The first letters that make one write; those that are nobody's are taken out on the way. */
  function nextChunk(): readonly Waiting[] {
    const chunk: Waiting[] = [];
    let looked = 0;
    let bytes = 0;
    for (const item of waiting) {
      const size = item.deadLetter.record.value?.length ?? 0;
      if (chunk.length >= maxLettersPerWrite || (chunk.length > 0 && bytes + size > maxBytesPerWrite)) break;
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
        telemetry.emit({ kind: 'dead_letters_failed', message: messageOf(error), waitMillis });
        await clock.sleep(waitMillis, abortion.signal);
        continue;
      }
      failures = 0;
      waiting = waiting.slice(chunk.length);
      for (const item of chunk) item.written();
    }
    writing = false;
  }

  return {
    add(deadLetter, pending, written) {
      waiting.push({ deadLetter, pending, written });
      if (!writing) void writeAll();
    },
    idle: () => waiting.length === 0 && !writing,
    abort: () => abortion.abort(),
  };
}
