import { type FileHandle, open } from 'node:fs/promises';
import { ConnectorError } from '../core/errors.ts';
import { inTurn } from '../core/in-turn.ts';
import type { AssignedPartition, CommitRequest, Source, SourceHandlers } from '../core/source.ts';
import type { TopicPartition } from '../core/record.ts';
import { fileError } from './file-errors.ts';
import { beginningOfLine, goesOnInLine } from './grown-line.ts';
import { defaultMaxLineBytes, type LineReader, createLineReader } from './line-reader.ts';
import { type FileLock, lockFile } from './lock.ts';
import {
  changeSince,
  type FileIdentity,
  hasWholeHead,
  identify,
  positionPathOf,
  readPosition,
  writePosition,
} from './position-file.ts';
import { topicOfFile } from './source-history.ts';
import { holdsJsonLines, recordsOfFile, type ReadLine } from './table-rows.ts';

export interface FileSourceOptions {
  /** Where the position is kept; the file's path with `.offset` by default. Its lock lies beside it, as `.lock`. */
  readonly positionPath?: string;
  readonly maxLineBytes?: number;
  /** How much is read at once; 256 KiB by default. */
  readonly chunkBytes?: number;
  /** What a line of the file stands for. */
  readonly readLine?: ReadLine | undefined;
  /** Is told why a commit failed. */
  readonly warn?: (code: string, message: string) => void;
}

interface OpenSource {
  readonly handle: FileHandle;
  readonly lock: FileLock;
  readonly reader: LineReader;
  readonly handlers: SourceHandlers;
  /** As it was when it was last looked at. */
  identity: FileIdentity;
}

/** A file source has only one assignment. */
const epoch = 1;

/**
 * A file of NDJSON as partition 0 of the topic `file:NAME`: one record per line, whose position is the line's byte
 * offset and whose time is the file's modification time. The source ends with the file. The committed position is kept
 * in `PATH.offset`, and reading continues there, or where a last line began that wasn't finished then; a file that was
 * replaced or cut since is refused, one that has grown is not. The records of a file called `.csv` or `.tsv` are the
 * rows below its header, as JSON objects, and those of one called `.avro` its values.
 *
 * `start` rejects with a ConnectorError: FILE_UNREADABLE, FILE_CHANGED, FILE_IN_USE, FILE_UNWRITABLE (lock),
 * POSITION_FILE_UNREADABLE, POSITION_FILE_BROKEN, POSITION_FILE_UNWRITABLE.
 */
export function createFileSource(path: string, options: FileSourceOptions = {}): Source {
  const at: TopicPartition = { topic: topicOfFile(path), partition: 0 };
  const positionPath = options.positionPath ?? positionPathOf(path);
  let opened: OpenSource | undefined;
  // They share one temporary file.
  const saveInTurn = inTurn();

  async function start(handlers: SourceHandlers): Promise<void> {
    const handle = await openFile(path);
    let lock: FileLock | undefined;
    try {
      lock = await lockFile(`${positionPath}.lock`, `The source file ${path}`);
      const saved = await startPosition(path, positionPath, handle);
      const maxLineBytes = options.maxLineBytes ?? defaultMaxLineBytes;
      const goesOn = await goesOnInLine(handle, saved.begin.position);
      const position =
        goesOn && holdsJsonLines(path, options.readLine)
          ? await beginningOfLine(handle, saved.begin.position, maxLineBytes)
          : saved.begin.position;
      const begin = { ...saved.begin, position };
      const { start, splitter } = await recordsOfFile(path, {
        ...{ start: position, maxLineBytes, readsBefore: true, goesOn },
        readLine: options.readLine,
      });
      const { mtimeMs, size } = await handle.stat();
      const reader = createLineReader(handlers, {
        ...at,
        epoch,
        start,
        maxLineBytes,
        splitter,
        timestamp: Math.floor(mtimeMs),
        ...chunksOf(path, handle, start, options.chunkBytes ?? 256 * 1024),
      });
      opened = { handle, lock, reader, handlers, identity: saved.identity };
      handlers.assigned([{ ...at, ...begin, end: size }], epoch);
    } catch (error) {
      await lock?.release();
      await handle.close();
      throw error;
    }
  }

  async function save(source: OpenSource, request: CommitRequest): Promise<'committed' | 'failed'> {
    const { offset, metadata } = request;
    const { handle, identity, handlers } = source;
    try {
      const now = await identify(handle, identity.headBytes);
      const change = changeSince({ ...identity, offset }, now);
      if (change !== undefined) {
        // The position is of what was there before: saved with what is there now, it would skip the beginning of that.
        handlers.failed(changed(path, change, positionPath));
        return 'failed';
      }
      source.identity = hasWholeHead(now) ? now : await identify(handle);
      await writePosition(positionPath, {
        ...source.identity,
        offset,
        ...(metadata === undefined ? {} : { metadata }),
      });
      return 'committed';
    } catch (error) {
      // Not thrown: the next commit repeats it.
      options.warn?.('POSITION_FILE_UNWRITABLE', positionUnwritable(positionPath, error).message);
      return 'failed';
    }
  }

  return {
    unit: 'bytes',
    start,
    pause: (partitions) => includes(partitions, at) && opened?.reader.pause(),
    resume: (partitions) => includes(partitions, at) && opened?.reader.resume(),
    async commit(requests) {
      if (requests.some((request) => request.epoch !== epoch || !includes([request], at))) return 'fenced';
      const request = requests.at(-1);
      if (request === undefined) return 'committed';
      if (opened === undefined) return 'fenced';
      const source = opened;
      return saveInTurn(() => save(source, request));
    },
    async quiesce() {
      await opened?.reader.stop();
    },
    async stop() {
      const leaving = opened;
      opened = undefined;
      await leaving?.reader.stop();
      await saveInTurn(async () => undefined);
      await leaving?.handle.close();
      await leaving?.lock.release();
    },
    ready: () => opened?.reader.healthy() ?? false,
  };
}

function includes(partitions: readonly TopicPartition[], at: TopicPartition): boolean {
  return partitions.some(({ topic, partition }) => topic === at.topic && partition === at.partition);
}

async function openFile(path: string): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw fileError('FILE_UNREADABLE', 'The source file', path, error);
  }
  const stat = await handle.stat();
  if (stat.isFile()) return handle;
  await handle.close();
  const fix = stat.isDirectory() ? 'is a folder: name a file.' : 'is not a regular file: pipe it in with --source -.';
  throw new ConnectorError('FILE_UNREADABLE', `The source file ${path} ${fix}`, { path });
}

/**
 * Reads the saved position, checks that it belongs to the file, and writes it back, to fail now if it can't be written.
 */
async function startPosition(
  path: string,
  positionPath: string,
  handle: FileHandle,
): Promise<{ readonly begin: StartPosition; readonly identity: FileIdentity }> {
  const saved = await readPosition(positionPath);
  const current = await identify(handle);
  if (saved !== undefined) {
    const change = changeSince(saved, await identify(handle, saved.headBytes));
    if (change !== undefined) throw changed(path, change, positionPath);
  }
  try {
    await writePosition(positionPath, { ...saved, ...current, offset: saved?.offset ?? 0 });
  } catch (error) {
    throw positionUnwritable(positionPath, error);
  }
  if (saved === undefined) return { begin: { position: 0, fresh: true }, identity: current };
  const { offset: position, metadata } = saved;
  return { begin: { position, ...(metadata !== undefined && { metadata }) }, identity: current };
}

type StartPosition = Pick<AssignedPartition, 'position' | 'metadata' | 'fresh'>;

function positionUnwritable(positionPath: string, error: unknown): ConnectorError {
  return fileError('POSITION_FILE_UNWRITABLE', 'The position file', positionPath, error);
}

function changed(path: string, change: string, positionPath: string): ConnectorError {
  const fix = `Put the old file back, or delete ${positionPath} to read this one from its beginning.`;
  return new ConnectorError('FILE_CHANGED', `The source file ${path} ${change} since it was last read. ${fix}`, {
    path,
    positionPath,
  });
}

function cutWhileRead(path: string): ConnectorError {
  const fix =
    'Put the old file back, or start again, which says how to read this one. A file is rotated by renaming it, not by cutting it.';
  return new ConnectorError('FILE_CHANGED', `The source file ${path} became shorter while it was read. ${fix}`, {
    path,
  });
}

function chunksOf(path: string, handle: FileHandle, start: number, chunkBytes: number) {
  let size = start;

  async function* chunks(): AsyncGenerator<Buffer> {
    for (let position = start; ; ) {
      const chunk = Buffer.allocUnsafeSlow(chunkBytes);
      const { bytesRead } = await readChunk(path, handle, chunk, position);
      // After the read: a file that is cut between the two must not look as if it had simply ended.
      ({ size } = await handle.stat());
      if (bytesRead === 0) {
        if (size >= position) return;
        throw cutWhileRead(path);
      }
      position += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  }

  return { chunks: chunks(), end: () => size };
}

async function readChunk(path: string, handle: FileHandle, chunk: Buffer, position: number) {
  try {
    return await handle.read(chunk, 0, chunk.length, position);
  } catch (error) {
    throw fileError('FILE_UNREADABLE', 'The source file', path, error);
  }
}
