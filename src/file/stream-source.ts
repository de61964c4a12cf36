import type { Readable } from 'node:stream';
import { ConnectorError, messageOf } from '../core/errors.ts';
import type { Source } from '../core/source.ts';
import { topicOfFile } from './source-history.ts';
import { lineSplitter, type ReadLine } from './table-rows.ts';
import { defaultMaxLineBytes, type LineReader, createLineReader } from './line-reader.ts';

export interface StreamSourceOptions {
  /** Unix milliseconds; the time given to the records is that of the start. */
  readonly now: () => number;
  readonly maxLineBytes?: number;
  /** What a line stands for. */
  readonly readLine?: ReadLine | undefined;
}

const epoch = 1;
const at = { topic: topicOfFile('-'), partition: 0 };

/**
 * NDJSON from a stream, such as the standard input, as partition 0 of the topic `file:-`. Positions are byte offsets
 * from the start of the stream. A stream can't be read again: commits are accepted and forgotten, and what a process
 * had read and not yet delivered when it stopped is lost, unless the stream's writer sends it again.
 */
export function createStreamSource(stream: Readable, options: StreamSourceOptions): Source {
  let reader: LineReader | undefined;

  async function quiesce(): Promise<void> {
    const stopped = reader?.stop();
    // Ends the wait of a reader for bytes that may never come.
    stream.destroy();
    await stopped;
  }

  return {
    unit: 'bytes',
    async start(handlers) {
      const lines = { start: 0, maxLineBytes: options.maxLineBytes ?? defaultMaxLineBytes };
      reader = createLineReader(handlers, {
        ...at,
        epoch,
        ...lines,
        splitter: lineSplitter({ ...lines, readLine: options.readLine }),
        timestamp: options.now(),
        chunks: chunksOf(stream),
      });
      handlers.assigned([{ ...at, position: 0, fresh: true }], epoch);
    },
    pause: () => reader?.pause(),
    resume: () => reader?.resume(),
    commit: async (requests) => (requests.every((request) => request.epoch === epoch) ? 'committed' : 'fenced'),
    quiesce,
    stop: quiesce,
    ready: () => reader?.healthy() ?? false,
  };
}

async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  } catch (error) {
    throw new ConnectorError('STREAM_UNREADABLE', `The input stream broke: ${messageOf(error)}`, {}, error);
  }
}
