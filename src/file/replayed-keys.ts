import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isObject, own } from '../core/json.ts';
import { readReplayed } from '../core/replayed.ts';
import { createReplayedKeys, type ReplayedKeys } from '../core/replayed-keys.ts';
import { fileError, systemCode } from './file-errors.ts';
import { createLineSplitter } from './lines.ts';

const maxLineBytes = 64 * 1024;

/** The marks beside a dead-letter file, in `PATH.replayed`; each time what was added since the last one is read. */
export function createFileReplayedKeys(path: string): () => Promise<ReplayedKeys> {
  const replayedPath = `${path}.replayed`;
  const replayed = createReplayedKeys();
  let inode: number | undefined;
  let end = 0;
  let reading: Promise<ReplayedKeys> | undefined;

  async function read(): Promise<ReplayedKeys> {
    const found = await stat(replayedPath).catch((error: unknown) => {
      if (systemCode(error) !== 'ENOENT') throw fileError('MARKS_UNREADABLE', what, replayedPath, error);
      return { ino: 0, size: 0 };
    });
    // An erasure writes another file in its place.
    if (found.ino !== inode || found.size < end) {
      replayed.clear();
      end = 0;
    }
    inode = found.ino;
    if (found.size > end) await readOn(found.size);
    return replayed;
  }

  async function readOn(size: number): Promise<void> {
    const splitter = createLineSplitter({ start: end, maxLineBytes });
    const stream = createReadStream(replayedPath, { start: end, end: size - 1 }) as AsyncIterable<Buffer>;
    try {
      for await (const chunk of stream) {
        for (const { value, next } of splitter.push(chunk)) {
          take(value.toString('utf8'));
          end = next;
        }
      }
    } catch (error) {
      throw fileError('MARKS_UNREADABLE', what, replayedPath, error);
    }
  }

  function take(line: string): void {
    try {
      const json: unknown = JSON.parse(line);
      const key = isObject(json) ? own(json, 'key') : undefined;
      const mark = readReplayed(json);
      if (typeof key === 'string' && mark !== undefined) replayed.add(key, mark);
    } catch {
      // A line that was torn by a crash marks nothing.
    }
  }

  return () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}

const what = 'The file of replayed dead letters';
