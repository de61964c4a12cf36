import { visible } from '../core/visible.ts';

/** A line is kept in memory until its end has come. */
const longestLine = 256 * 1024;

export interface WorkerLines {
  take(text: string): void;
  /** What has come without an end is written, too. */
  end(): void;
}

/**
 * The log of a worker as whole lines of the log of all, each with its number. What isn't a line of a log, such as the stack of a
 * crash, becomes one.
 */
export function createWorkerLines(worker: number, write: (line: string) => void): WorkerLines {
  let begun = '';

  function writeTagged(line: string): void {
    if (line === '') return;
    if (line.startsWith('{"')) write(`{"worker":${worker},${line.slice(1)}\n`);
    else write(`${visible(JSON.stringify({ worker, level: 'error', time: new Date().toISOString(), msg: line }))}\n`);
  }

  return {
    take(text) {
      const lines = (begun + text).split('\n');
      begun = lines.pop() ?? '';
      for (const line of lines) writeTagged(line);
      if (begun.length > longestLine) {
        // Cut, it is no JSON any more.
        writeTagged(` ${begun}`);
        begun = '';
      }
    },
    end() {
      writeTagged(begun);
      begun = '';
    },
  };
}
