import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { isObject, own } from '../core/json.ts';
import type { DeadLetterArchive } from '../core/ports.ts';
import { writtenReplayed } from '../core/replayed.ts';
import { fileError, systemCode } from './file-errors.ts';
import { closeToOthers, forOwner } from './private-file.ts';
import { readDeadLetters } from './read-dead-letters.ts';

const what = 'The file of replayed dead letters';

/**
 * The dead letters that a file holds when it is opened. The keys of those that were replayed are in `PATH.replayed`:
 * one line of JSON each, on the disk before `markReplayed` resolves. A torn last line is ignored.
 */
export function createFileDeadLetterArchive(path: string): DeadLetterArchive {
  const replayedPath = `${path}.replayed`;
  let handle: FileHandle | undefined;

  async function* deadLetters() {
    let size: number;
    try {
      ({ size } = await stat(path));
    } catch (error) {
      throw fileError('DEAD_LETTERS_UNREADABLE', 'The dead-letter file', path, error);
    }
    yield* readDeadLetters(path, size);
  }

  async function text(): Promise<string> {
    try {
      return await readFile(replayedPath, 'utf8');
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return '';
      throw fileError('MARKS_UNREADABLE', what, replayedPath, error);
    }
  }

  return {
    deadLetters,
    async replayedKeys() {
      return new Set((await text()).split('\n').flatMap(keyOfLine));
    },
    async markReplayed(replayed) {
      try {
        if (handle === undefined) {
          const torn = (await text()).replace(/[\s\S]*\n/, '') !== '';
          handle = await open(replayedPath, 'a', forOwner);
          await closeToOthers(handle);
          if (torn) await handle.appendFile('\n');
        }
        const at = new Date();
        const lines = replayed.map(
          ({ key, outcome }) => `${JSON.stringify({ key, ...writtenReplayed(outcome, at) })}\n`,
        );
        await handle.appendFile(lines.join(''));
        await handle.sync();
      } catch (error) {
        // It may have left a piece of a line. The next one looks for that.
        await handle?.close().catch(() => undefined);
        handle = undefined;
        throw fileError('MARKS_UNWRITABLE', what, replayedPath, error);
      }
    },
    async close() {
      await handle?.close();
    },
  };
}

function keyOfLine(line: string): string[] {
  try {
    const json: unknown = JSON.parse(line);
    const key = isObject(json) ? own(json, 'key') : undefined;
    return typeof key === 'string' ? [key] : [];
  } catch {
    return [];
  }
}
