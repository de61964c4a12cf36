import { createReadStream } from 'node:fs';
import type { DeadLetter } from '../core/dead-letter.ts';
import { ConnectorError } from '../core/errors.ts';
import { parseDeadLetter } from './dead-letter-line.ts';
import { fileError } from './file-errors.ts';
import { createLineSplitter } from './lines.ts';

/** A letter of 16 MiB whose every byte is escaped has six times as many characters; this leaves room beyond that. */
export const maxDeadLetterBytes = 256 * 1024 * 1024;

/**
 * The letters of a dead-letter file, in the order of their writing, with keys, values and headers byte for byte as
 * the source had them. A last line without its newline is being written, or was torn by a crash, and is left out.
 *
 * @param endBytes Only what stands before is read; absent: all.
 * @throws ConnectorError DEAD_LETTERS_UNREADABLE, and DEAD_LETTERS_BROKEN naming the line that is no dead letter
 */
export async function* readDeadLetters(path: string, endBytes?: number): AsyncGenerator<DeadLetter> {
  const splitter = createLineSplitter({ start: 0, maxLineBytes: maxDeadLetterBytes });
  let read = 0;
  for await (const chunk of chunksOf(path, endBytes)) {
    for (const line of splitter.push(chunk)) {
      read += 1;
      const deadLetter = parseDeadLetter(line.value.toString('utf8'));
      if (deadLetter === undefined) throw broken(path, read, line.offset);
      yield deadLetter;
    }
  }
}

async function* chunksOf(path: string, endBytes = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer> {
  if (endBytes === 0) return;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024, end: endBytes - 1 })) yield chunk;
  } catch (error) {
    throw fileError('DEAD_LETTERS_UNREADABLE', 'The dead-letter file', path, error);
  }
}

function broken(path: string, line: number, offset: number): ConnectorError {
  const message = `The dead-letter file ${path} holds something other than a dead letter in line ${line} (byte ${offset}): fix or remove the line.`;
  return new ConnectorError('DEAD_LETTERS_BROKEN', message, { path, line, offset });
}
