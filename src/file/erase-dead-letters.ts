import { createReadStream, existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { deadLetterKey } from '../core/dead-letter-key.ts';
import { type ErasedDeadLetters, type DeadLetterSearch, withoutPeople } from '../core/erased-dead-letter.ts';
import { isObject } from '../core/json.ts';
import { parseDeadLetter, printDeadLetter } from './dead-letter-line.ts';
import { syncFolderOf } from './durable.ts';
import { fileError } from './file-errors.ts';
import { createLineSplitter, type Line } from './lines.ts';
import { lockFile } from './lock.ts';
import { forOwner } from './private-file.ts';
import { readAt } from './read-at.ts';
import { maxDeadLetterBytes, readDeadLetters } from './read-dead-letters.ts';

/**
 * Empties the letters of a file that concern those who are looked for: `withoutPeople`. The new file takes the old one's place when
 * all of it is on the disk: after a failure or a crash the old one is there, whole. Other lines keep their bytes; one that
 * was torn by a crash is left out.
 *
 * @throws ConnectorError FILE_IN_USE while a connector writes to it, DEAD_LETTERS_UNREADABLE, DEAD_LETTERS_BROKEN, ERASURE_UNWRITABLE
 */
export async function eraseFromFile(path: string, search: DeadLetterSearch): Promise<ErasedDeadLetters> {
  const lock = await lockFile(`${path}.lock`, `The dead-letter file ${path}`);
  try {
    const keys = new Set<string>();
    let [read, erased] = [0, 0];
    for await (const letter of readDeadLetters(path)) {
      read += 1;
      await search.prepare(letter);
      if (!search.concerns(letter)) continue;
      erased += 1;
      keys.add(deadLetterKey(letter));
    }
    // A line that a crash left without its end can't be read, and may hold anybody: it isn't written again.
    if (erased === 0 && !(await isTorn(path))) return { read, erased, replayedKeys: 0 };
    const emptied = await writeAnew(path, ({ value }) => {
      const letter = parseDeadLetter(value.toString('utf8'));
      return letter === undefined || !search.concerns(letter)
        ? value
        : Buffer.from(printDeadLetter(withoutPeople(letter)).trimEnd());
    });
    const { replayedKeys, fresh } = await withoutReplayedKeys(`${path}.replayed`, keys);
    // Both are on the disk before one takes its place. The marks first: once the letters are empty, nobody could say
    // which marks were theirs.
    if (fresh !== undefined) await rename(fresh, `${path}.replayed`);
    await rename(emptied, path);
    await syncFolderOf(path);
    return { read, erased, replayedKeys };
  } catch (error) {
    for (const fresh of [path, `${path}.replayed`].map(freshOf))
      await rm(fresh, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    await lock.release();
  }
}

async function isTorn(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    return size > 0 && !(await readAt(handle, size - 1, 1)).equals(newline);
  } finally {
    await handle.close();
  }
}

async function withoutReplayedKeys(path: string, keys: ReadonlySet<string>) {
  let replayedKeys = 0;
  if (!existsSync(path)) return { replayedKeys };
  const fresh = await writeAnew(path, ({ value }) => {
    const key = keyOf(value.toString('utf8'));
    if (key === undefined || !keys.has(key)) return value;
    replayedKeys += 1;
    return undefined;
  });
  return { replayedKeys, fresh };
}

function keyOf(line: string): string | undefined {
  try {
    const mark: unknown = JSON.parse(line);
    return isObject(mark) && typeof mark['key'] === 'string' ? mark['key'] : undefined;
  } catch {
    return undefined;
  }
}

const freshOf = (path: string) => `${path}.erasing`;

/** Writes the lines as they shall be into a file beside this one, and says which. */
async function writeAnew(path: string, rewritten: (line: Line) => Buffer | undefined): Promise<string> {
  const fresh = freshOf(path);
  try {
    await rm(fresh, { force: true });
    const handle = await open(fresh, 'wx', forOwner);
    try {
      const splitter = createLineSplitter({ start: 0, maxLineBytes: maxDeadLetterBytes });
      for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
        const lines = splitter.push(chunk).flatMap((line) => {
          const bytes = rewritten(line);
          return bytes === undefined ? [] : [bytes, newline];
        });
        if (lines.length > 0) await handle.appendFile(Buffer.concat(lines));
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    return fresh;
  } catch (error) {
    throw fileError('ERASURE_UNWRITABLE', 'Nothing was changed: the new content of', path, error);
  }
}

const newline = Buffer.from('\n');
