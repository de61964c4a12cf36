import type { DeadLetter } from '../core/delivery.ts';
import { messageOf } from '../core/errors.ts';
import type { Clock, DeadLetterQueue, Telemetry } from '../core/ports.ts';

const maxLettersPerWrite = 500;
const firstWaitMillis = 500;
const longestWaitMillis = 30_000;

/** Writes dead letters in order, several at a time, and tells each when it is durable. Never gives one up. */
export interface DeadLetterWriter {
  /** `written` is called once the letter is durable. */
  add(letter: DeadLetter, written: () => void): void;
  idle(): boolean;
  /** Stops trying: what isn't written is not settled. */
  abort(): void;
}

export function deadLetterWriter(queue: DeadLetterQueue, clock: Clock, telemetry: Telemetry): DeadLetterWriter {
  const abortion = new AbortController();
  let waiting: { letter: DeadLetter; written: () => void }[] = [];
  let writing = false;

  async function writeAll(): Promise<void> {
    writing = true;
    let waitMillis = firstWaitMillis;
    while (waiting.length > 0 && !abortion.signal.aborted) {
      const chunk = waiting.slice(0, maxLettersPerWrite);
      try {
        await queue.write(chunk.map((item) => item.letter));
      } catch (error) {
        telemetry.emit({ kind: 'dead_letters_failed', message: messageOf(error), waitMillis });
        await clock.sleep(waitMillis, abortion.signal);
        waitMillis = Math.min(waitMillis * 2, longestWaitMillis);
        continue;
      }
      waitMillis = firstWaitMillis;
      waiting = waiting.slice(chunk.length);
      for (const item of chunk) item.written();
    }
    writing = false;
  }

  return {
    add(letter, written) {
      waiting.push({ letter, written });
      if (!writing) void writeAll();
    },
    idle: () => waiting.length === 0 && !writing,
    abort: () => abortion.abort(),
  };
}
