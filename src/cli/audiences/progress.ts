/** Where progress is shown: a terminal, or something that keeps every line. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** How far something is: a bar on a terminal, elsewhere a line now and then. */
export interface Progress {
  at(done: number): void;
  /** A line of its own. */
  note(text: string): void;
  /** Takes the bar away. */
  end(): void;
}

export interface ProgressOptions {
  readonly label: string;
  readonly total: number;
  readonly unit: string;
  readonly stream: ProgressStream;
  /** Unix milliseconds. */
  now(): number;
}

const barWidth = 30;
const barMillis = 100;
const lineMillis = 10_000;

export function progress({ label, total, unit, stream, now }: ProgressOptions): Progress {
  const onTerminal = stream.isTTY === true;
  const startedAt = now();
  let shownAt = startedAt;
  let drawn = false;

  function text(done: number): string {
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const filled = Math.round(share * barWidth);
    const bar = onTerminal ? ` [${'█'.repeat(filled)}${'·'.repeat(barWidth - filled)}]` : '';
    const seconds = (now() - startedAt) / 1_000;
    const left = share > 0 && share < 1 && seconds >= 5 ? `, ${duration((seconds / share) * (1 - share))} left` : '';
    return `${label}${bar} ${Math.floor(share * 100)} %: ${done} of ${total} ${unit}${left}`;
  }

  function clear(): void {
    if (drawn) stream.write('\r\u001b[K');
    drawn = false;
  }

  return {
    at(done) {
      if (now() - shownAt < (onTerminal ? barMillis : lineMillis)) return;
      shownAt = now();
      stream.write(onTerminal ? `\r\u001b[K${text(done)}` : `${text(done)}\n`);
      drawn = onTerminal;
    },
    note(line) {
      clear();
      stream.write(`${line}\n`);
    },
    end: clear,
  };
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
