import { surroundings } from './surroundings.ts';

/** Where progress is shown: a terminal, or something that keeps every line. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** How far something is. It is shown on a terminal only, after two seconds: what is done before then needs none. */
export interface Progress {
  at(done: number): void;
  /** A line of its own. */
  note(text: string): void;
  /** Takes it away. */
  end(): void;
}

export interface ProgressOptions {
  readonly label: string;
  /** Undefined: nobody knows. */
  readonly total?: number | undefined;
  readonly unit: string;
  readonly stream: ProgressStream;
  /** Also where there is no terminal: a line now and then. */
  readonly lines?: boolean;
  /** Milliseconds. */
  now(): number;
}

const barWidth = 30;
const quietMillis = 2_000;
const barMillis = 100;
const lineMillis = 10_000;

export function createProgress({ label, total, unit, stream, now, lines = false }: ProgressOptions): Progress {
  const onTerminal = stream.isTTY === true;
  const isShown = onTerminal || lines;
  const startedAt = now();
  let shownAt = onTerminal ? startedAt + quietMillis - barMillis : startedAt;
  let drawn = false;

  function text(done: number): string {
    const seconds = (now() - startedAt) / 1_000;
    const rate = `${done < seconds * 10 ? (done / seconds).toFixed(1) : Math.round(done / seconds)}/s`;
    if (total === undefined) return `${label}: ${done} ${unit}, ${rate}`;
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const filled = Math.round(share * barWidth);
    const bar = onTerminal ? ` [${'█'.repeat(filled)}${'·'.repeat(barWidth - filled)}]` : '';
    const left = share > 0 && share < 1 && seconds >= 5 ? `, ${duration((seconds / share) * (1 - share))} left` : '';
    return `${label}${bar} ${Math.floor(share * 100)} %: ${done} of ${total} ${unit}, ${rate}${left}`;
  }

  function clear(): void {
    if (drawn) stream.write('\r\u001b[K');
    drawn = false;
  }

  return {
    at(done) {
      if (!isShown || now() - shownAt < (onTerminal ? barMillis : lineMillis)) return;
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

/** On stderr, which is for people. */
export function shownProgress(options: Pick<ProgressOptions, 'label' | 'total' | 'unit' | 'lines'>): Progress {
  return createProgress({ ...options, stream: surroundings().stderr, now: () => performance.now() });
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
