import type { SourceHandlers } from '../core/source.ts';
import type { SourceRecord, TopicPartition } from '../core/record.ts';
import { type Line, type LineSplitter, createLineSplitter } from './lines.ts';

export interface LineReaderOptions extends TopicPartition {
  readonly epoch: number;
  /** Byte offset of the first chunk's first byte. */
  readonly start: number;
  readonly maxLineBytes: number;
  /** Default: of lines. */
  readonly splitter?: LineSplitter;
  /** Unix milliseconds, given to each record. */
  readonly timestamp: number;
  readonly chunks: AsyncIterable<Buffer>;
  /** Where the input ends, as far as is known. */
  readonly end?: () => number;
}

export interface LineReader {
  pause(): void;
  resume(): void;
  /** Resolves when nothing more will be handed over. */
  stop(): Promise<void>;
  /** Not stopped and not failed. */
  healthy(): boolean;
}

/** A chunk of tiny lines is handed over in several batches, so that a pause can take effect between them. */
const maxBatchRecords = 1000;

/** The limit for one line unless another is given: 16 MiB. */
export const defaultMaxLineBytes = 16 * 1024 * 1024;

/**
 * Reads chunks as NDJSON and hands their lines to the handlers in batches. It starts at once, but calls no handler
 * before its caller's synchronous work is done. While it is paused it hands nothing over, and holds at most one chunk.
 *
 * A line longer than `maxLineBytes` becomes a record that can't be decoded, and therefore a dead letter: its value is
 * the line's first 64 KiB and `…`, its headers hold the length and the SHA-256 of the whole line.
 */
export function createLineReader(handlers: SourceHandlers, options: LineReaderOptions): LineReader {
  const { topic, partition, epoch, timestamp } = options;
  const splitter = options.splitter ?? createLineSplitter(options);
  const gate = createGate();
  let stopped = false;
  let failed = false;

  /** Hands the lines over unless stopped, and waits while paused. */
  async function handOver(lines: readonly Line[]): Promise<void> {
    for (let from = 0; from < lines.length; from += maxBatchRecords) {
      await gate.passed();
      if (stopped) return;
      const records = lines
        .slice(from, from + maxBatchRecords)
        .map((line) => recordOf(line, { topic, partition }, timestamp));
      const batch = { topic, partition, epoch, records };
      handlers.batch(options.end === undefined ? batch : { ...batch, end: options.end() });
    }
  }

  async function read(): Promise<void> {
    for await (const chunk of options.chunks) {
      if (stopped) return;
      await handOver(splitter.push(chunk));
    }
    if (stopped) return;
    await handOver(splitter.finish());
    await gate.passed();
    if (!stopped) handlers.finished();
  }

  const done = read().catch((error: unknown) => {
    if (stopped) return;
    failed = true;
    handlers.failed(error instanceof Error ? error : new Error(String(error)));
  });

  return {
    pause: gate.close,
    resume: gate.open,
    async stop() {
      stopped = true;
      gate.open();
      await done;
    },
    healthy: () => !stopped && !failed,
  };
}

function recordOf(line: Line, at: TopicPartition, timestamp: number): SourceRecord {
  const { offset, next, value, cut } = line;
  const headers =
    cut === undefined
      ? undefined
      : {
          'meta-actions.value-omitted': 'line too long',
          'meta-actions.value-bytes': String(cut.bytes),
          'meta-actions.value-sha256': cut.sha256,
        };
  return { topic: at.topic, partition: at.partition, offset, next, timestamp, key: null, value, headers };
}

function createGate() {
  let waiting: PromiseWithResolvers<void> | undefined;
  return {
    close(): void {
      waiting ??= Promise.withResolvers<void>();
    },
    open(): void {
      waiting?.resolve();
      waiting = undefined;
    },
    async passed(): Promise<void> {
      while (waiting !== undefined) await waiting.promise;
    },
  };
}
