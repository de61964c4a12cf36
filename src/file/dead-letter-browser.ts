import { type FileHandle, open } from 'node:fs/promises';
import type { ChosenDeadLetter, DeadLetterBrowser } from '../core/dead-letter-browser.ts';
import { parseDeadLetter } from './dead-letter-line.ts';
import { fileError, systemCode } from './file-errors.ts';
import { createFileReplayedKeys } from './replayed-keys.ts';

/** Read at once, backwards. */
const pieceBytes = 1024 * 1024;
/** A longer line is passed over: a dead letter whose every byte is escaped has six times as many characters as its record. */
const maxLineBytes = 128 * 1024 * 1024;
const newline = 0x0a;

/** The dead letters of a file; their offsets are those of their lines. A line that is no dead letter is passed over. */
export function createFileDeadLetterBrowser(path: string): DeadLetterBrowser {
  async function withFile<T>(work: (file: FileHandle, bytes: number) => Promise<T>, none: T): Promise<T> {
    let file: FileHandle;
    try {
      file = await open(path);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return none;
      throw fileError('DEAD_LETTERS_UNREADABLE', 'The dead-letter file', path, error);
    }
    try {
      return await work(file, (await file.stat()).size);
    } finally {
      await file.close();
    }
  }

  return {
    ranges: () => withFile(async (_file, bytes) => new Map([[0, { low: 0, high: bytes }]]), new Map()),
    readBack: (partition, { low, end }, most, choose, signal) =>
      withFile(
        async (file) => {
          const letters: ChosenDeadLetter<NonNullable<ReturnType<typeof choose>>>[] = [];
          let looked = 0;
          let from = end;
          for await (const { offset, text } of linesBackwards(file, end)) {
            if (signal.aborted || offset < low) break;
            from = offset;
            const deadLetter = parseDeadLetter(text);
            if (deadLetter === undefined) continue;
            looked += 1;
            const place = { partition, offset };
            const chosen = choose(deadLetter, place);
            if (chosen !== undefined && chosen !== null) letters.push({ place, at: deadLetter.at, chosen });
            if (looked >= most) break;
          }
          return { letters, from: signal.aborted || looked >= most ? from : low, looked };
        },
        { letters: [], from: 0, looked: 0 },
      ),
    find: ({ offset }) =>
      withFile(async (file, bytes) => {
        const text = await lineAt(file, offset, bytes);
        return text === undefined ? undefined : parseDeadLetter(text);
      }, undefined),
    replayedKeys: createFileReplayedKeys(path),
    close: async () => undefined,
  };
}

interface PlacedLine {
  readonly offset: number;
  readonly text: string;
}

/** The lines before `end`, the last first. What is behind the last line break is being written, or was torn. */
async function* linesBackwards(file: FileHandle, end: number): AsyncGenerator<PlacedLine> {
  /** The bytes of the line that is being put together, the last piece first. */
  let pieces: Buffer[] = [];
  let length = 0;
  let isWhole = false;
  const taken = (): string | undefined => {
    const text = isWhole && length <= maxLineBytes ? Buffer.concat(pieces.reverse()).toString('utf8') : undefined;
    pieces = [];
    length = 0;
    return text;
  };
  const add = (piece: Buffer) => {
    length += piece.length;
    if (length <= maxLineBytes) pieces.push(piece);
    else pieces = [];
  };
  for (let to = end; to > 0; ) {
    const start = Math.max(0, to - pieceBytes);
    const piece = await bytesAt(file, start, to);
    let lineEnd = piece.length;
    for (let at = piece.lastIndexOf(newline); at >= 0; at = at === 0 ? -1 : piece.lastIndexOf(newline, at - 1)) {
      add(piece.subarray(at + 1, lineEnd));
      const text = taken();
      if (text !== undefined && text !== '') yield { offset: start + at + 1, text };
      isWhole = true;
      lineEnd = at;
    }
    add(Buffer.from(piece.subarray(0, lineEnd)));
    to = start;
  }
  const text = taken();
  if (text !== undefined && text !== '') yield { offset: 0, text };
}

async function bytesAt(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const piece = Buffer.alloc(end - start);
  const { bytesRead } = await file.read(piece, 0, piece.length, start);
  return piece.subarray(0, bytesRead);
}

/** The line that begins at the offset; undefined: none does, or it isn't written to its end. */
async function lineAt(file: FileHandle, offset: number, bytes: number): Promise<string | undefined> {
  if (offset >= bytes) return undefined;
  if (offset > 0 && (await bytesAt(file, offset - 1, offset))[0] !== newline) return undefined;
  const pieces: Buffer[] = [];
  for (let at = offset; at < Math.min(bytes, offset + maxLineBytes); at += pieceBytes) {
    const piece = await bytesAt(file, at, Math.min(bytes, at + pieceBytes));
    const end = piece.indexOf(newline);
    pieces.push(end < 0 ? piece : piece.subarray(0, end));
    if (end >= 0) return Buffer.concat(pieces).toString('utf8');
  }
  return undefined;
}
