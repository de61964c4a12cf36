import { createHash, type Hash } from 'node:crypto';
import { anyBreaks, asUtf8, type Encoding, newlines } from './line-breaks.ts';

/** One line of a stream of bytes, without its line break. */
export interface Line {
  /** Byte offset of the line's first byte. */
  readonly offset: number;
  /** The line's place in the stream, from 1; blank lines count. */
  readonly number: number;
  /** Byte offset behind the line's break. */
  readonly next: number;
  /** The line's bytes as they are, valid UTF-8 or not, a slice of a chunk wherever the line lies in one; of UTF-16 as UTF-8. */
  readonly value: Buffer;
  /** Present when the line was longer than allowed: `value` is then only its beginning, marked by `cutMark`. */
  readonly cut?: { readonly bytes: number; readonly sha256: string };
}

export interface LineSplitter {
  /** The lines that end in this chunk. */
  push(chunk: Buffer): readonly Line[];
  /** The last line, when the stream ended without a line break. */
  finish(): readonly Line[];
}

/**
 * Appended to a line that was cut. No JSON text ends in this character, so a cut line can never be taken for a whole
 * event, whatever its beginning looks like.
 */
const cutMark = '…';

const headBytes = 64 * 1024;
const carriageReturn = 13;
const space = 32;
const tab = 9;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

interface LongLine {
  readonly head: Buffer;
  readonly hash: Hash;
  bytes: number;
}

export interface LineOptions {
  /** Byte offset of the first chunk's first byte. */
  readonly start: number;
  readonly maxLineBytes: number;
  /** Of a file of cells: lines end in LF, CRLF or CR, and blank ones count, since a cell may hold them. */
  readonly cellsIn?: Encoding;
}

/**
 * Cuts chunks of bytes into lines. Lines of nothing but blanks are left out, a carriage return before the newline and a
 * byte order mark before the first line are not part of a line. Holds at most `maxLineBytes` of an unfinished line: of
 * a longer one it keeps the first 64 KiB, the length and the SHA-256.
 */
export function createLineSplitter(options: LineOptions): LineSplitter {
  const { maxLineBytes, cellsIn } = options;
  const breaks = cellsIn === undefined ? newlines() : anyBreaks(cellsIn);
  const carry = createGrowingBuffer();
  let long: LongLine | undefined;
  let offset = options.start;
  let number = 0;

  function hold(piece: Buffer): void {
    if (long !== undefined) {
      long.hash.update(piece);
      long.bytes += piece.length;
    } else if (carry.length() + piece.length <= maxLineBytes) {
      carry.append(piece);
    } else {
      const begun = carry.take();
      const hash = createHash('sha256').update(begun).update(piece);
      const head = Buffer.concat([begun.subarray(0, headBytes), piece.subarray(0, headBytes)]).subarray(0, headBytes);
      long = { head, hash, bytes: begun.length + piece.length };
    }
  }

  /** Ends the current line; `breakBytes` is 0 at the end of the stream. */
  function end(piece: Buffer, breakBytes: number): Line | undefined {
    const whole = long === undefined && carry.length() === 0 && piece.length <= maxLineBytes;
    if (!whole) hold(piece);
    const cut = long;
    const bytes = whole ? piece : carry.take();
    const start = offset;
    number += 1;
    offset = start + (cut?.bytes ?? bytes.length) + breakBytes;
    long = undefined;
    if (cut !== undefined) return { ...cutLine(cut, start, offset, cellsIn), number };
    const value = withoutMarks(cellsIn === undefined ? bytes : asUtf8(bytes, cellsIn), start === 0);
    const leftOut = cellsIn === undefined && isBlank(value);
    return leftOut ? undefined : { offset: start, number, next: offset, value };
  }

  function linesIn(text: Buffer): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (let found = breaks.next(0); found !== undefined; found = breaks.next(from)) {
      const line = end(text.subarray(from, found.at), found.bytes);
      if (line !== undefined) lines.push(line);
      from = found.at + found.bytes;
    }
    if (from < text.length) hold(text.subarray(from));
    return lines;
  }

  return {
    push: (chunk) => linesIn(breaks.take(chunk)),
    finish() {
      const lines = linesIn(breaks.rest());
      const isOver = long === undefined && carry.length() === 0;
      const last = isOver ? undefined : end(Buffer.alloc(0), 0);
      return last === undefined ? lines : [...lines, last];
    },
  };
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== space && byte !== tab) return false;
  return true;
}

function withoutMarks(bytes: Buffer, first: boolean): Buffer {
  const from = first && bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0;
  const to = bytes[bytes.length - 1] === carriageReturn ? bytes.length - 1 : bytes.length;
  return from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to);
}

function cutLine(long: LongLine, offset: number, next: number, encoding?: Encoding): Omit<Line, 'number'> {
  const head = encoding === undefined ? long.head : asUtf8(long.head, encoding);
  const value = Buffer.concat([wholeCharacters(head), Buffer.from(cutMark)]);
  return { offset, next, value, cut: { bytes: long.bytes, sha256: long.hash.digest('hex') } };
}

/** Without the beginning of a UTF-8 character at its end, so that a cut line of text is still text. */
function wholeCharacters(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > bytes.length - 4 && end > 0 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1;
  const lead = bytes[end - 1] ?? 0;
  const expected = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return bytes.length - end + 1 === expected ? bytes : bytes.subarray(0, Math.max(end - 1, 0));
}

/** Collects the pieces of one line in time proportional to its length, however small the pieces are. */
function createGrowingBuffer() {
  let bytes = Buffer.alloc(0);
  let used = 0;
  return {
    length: () => used,
    append(piece: Buffer): void {
      if (used + piece.length > bytes.length) {
        const larger = Buffer.allocUnsafe(Math.max(used + piece.length, 2 * bytes.length));
        bytes.copy(larger, 0, 0, used);
        bytes = larger;
      }
      piece.copy(bytes, used);
      used += piece.length;
    },
    /** Hands the collected bytes over and starts anew. */
    take(): Buffer {
      const taken = bytes.subarray(0, used);
      bytes = Buffer.alloc(0);
      used = 0;
      return taken;
    },
  };
}
