import { type FileHandle, open, stat } from 'node:fs/promises';
import { ConnectorError } from '../core/errors.ts';
import type { DeadLetterQueue } from '../core/ports.ts';
import { lineBeginning, printDeadLetter } from './dead-letter-line.ts';
import { syncFolderOf, writeFully } from './durable.ts';
import { fileError, systemCode } from './file-errors.ts';
import { type FileLock, lockFile } from './lock.ts';
import { closeToOthers, forOwner } from './private-file.ts';
import { behindLastNewline, readAt } from './read-at.ts';

/** An open file of dead letters. `good` is its length up to the end of the last whole line on the disk. */
interface DeadLetterFile {
  readonly handle: FileHandle;
  good: number;
}

const what = 'The dead-letter file';

/**
 * Dead letters as lines of JSON in a file, each on the disk before `write` resolves. A line that a crash left
 * incomplete is removed when the file is opened; after a failed write the file is truncated to its last whole line. If
 * the file was moved or deleted meanwhile, as log rotation does, a new one is started at the same path; in one that was
 * emptied writing begins anew.
 *
 * `open` rejects with a ConnectorError DEAD_LETTERS_UNWRITABLE, DEAD_LETTERS_FOREIGN (something else is in the file),
 * FILE_IN_USE or FILE_UNWRITABLE (lock). `write` rejects with DEAD_LETTERS_UNWRITABLE: then none of its dead letters
 * counts as written, and it may be called again.
 */
export function createFileDeadLetters(path: string): DeadLetterQueue {
  let lock: FileLock | undefined;
  let file: DeadLetterFile | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function append(bytes: Buffer): Promise<void> {
    if (lock === undefined) throw new ConnectorError('DEAD_LETTERS_CLOSED', `${what} ${path} is not open.`, { path });
    if (file !== undefined && !(await goesOn(path, file))) {
      await file.handle.close();
      file = undefined;
    }
    file ??= await openDeadLetterFile(path);
    try {
      // Also removes what an earlier failed write may have left.
      await file.handle.truncate(file.good);
      await writeFully(file.handle, bytes, file.good);
      await file.handle.sync();
      file.good += bytes.length;
    } catch (error) {
      await file.handle.truncate(file.good).catch(() => undefined);
      throw fileError('DEAD_LETTERS_UNWRITABLE', what, path, error);
    }
  }

  return {
    async open() {
      const held = await lockFile(`${path}.lock`, `${what} ${path}`);
      try {
        file = await openDeadLetterFile(path);
      } catch (error) {
        await held.release();
        throw error;
      }
      lock = held;
    },
    write(deadLetters) {
      if (deadLetters.length === 0) return Promise.resolve();
      const bytes = Buffer.concat(deadLetters.map((deadLetter) => Buffer.from(printDeadLetter(deadLetter))));
      const written = writing.then(() => append(bytes));
      writing = written.catch(() => undefined);
      return written;
    },
    async close() {
      await writing;
      await file?.handle.close();
      await lock?.release();
      file = undefined;
      lock = undefined;
    },
  };
}

async function openDeadLetterFile(path: string): Promise<DeadLetterFile> {
  let handle: FileHandle | undefined;
  try {
    handle = await openOrCreate(path);
    const good = await wholeLength(handle, path);
    await closeToOthers(handle);
    await handle.truncate(good);
    await handle.sync();
    await syncFolderOf(path);
    return { handle, good };
  } catch (error) {
    await handle?.close();
    throw error instanceof ConnectorError ? error : fileError('DEAD_LETTERS_UNWRITABLE', what, path, error);
  }
}

async function openOrCreate(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    return await open(path, 'wx+', forOwner);
  }
}

/**
 * The length up to the last newline. A file that holds anything but dead letters is refused before a byte of it is cut.
 */
async function wholeLength(handle: FileHandle, path: string): Promise<number> {
  const status = await handle.stat();
  if (!status.isFile()) throw foreign(path, 'is not a regular file');
  if (status.size === 0) return 0;
  const end = await behindLastNewline(handle, status.size);
  const torn = await readAt(handle, end, Math.min(status.size - end, lineBeginning.length));
  if (!isBeginningOfLine(await readAt(handle, 0, lineBeginning.length)) || !isBeginningOfLine(torn)) {
    throw foreign(path, 'holds something other than dead letters');
  }
  return end;
}

/** An incomplete line may be shorter than this beginning, and after a power cut its bytes may be zero. */
function isBeginningOfLine(bytes: Buffer): boolean {
  return lineBeginning.startsWith(bytes.toString('latin1').replace(/\0+$/, ''));
}

/** The file is where it was, and whole. One that was cut to be rotated would get a gap of zeros. */
async function goesOn(path: string, { handle, good }: DeadLetterFile): Promise<boolean> {
  try {
    const [named, held] = await Promise.all([stat(path), handle.stat()]);
    return named.ino === held.ino && named.dev === held.dev && held.size >= good;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw fileError('DEAD_LETTERS_UNWRITABLE', what, path, error);
  }
}

function foreign(path: string, problem: string): ConnectorError {
  const message = `${what} ${path} ${problem}. Name another file with --dead-letters file:PATH.`;
  return new ConnectorError('DEAD_LETTERS_FOREIGN', message, { path });
}
