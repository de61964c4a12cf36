/** How the characters of a file are written as bytes. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

export interface LineBreak {
  readonly at: number;
  readonly bytes: number;
}

/** Finds the breaks of lines in chunks of bytes. */
export interface BreakFinder {
  /** The chunk with what was kept of the one before, and without what only the next one can tell apart. */
  take(chunk: Buffer): Buffer;
  /** What is kept at the end of the stream. */
  rest(): Buffer;
  /** The first break from there on, in the last chunk that was taken. */
  next(from: number): LineBreak | undefined;
}

const newline = 10;
const carriageReturn = 13;
const nothing = Buffer.alloc(0);

/** NDJSON: lines end in a newline. */
export function newlines(): BreakFinder {
  let text: Buffer = nothing;
  return {
    take: (chunk) => (text = chunk),
    rest: () => (text = nothing),
    next(from) {
      const at = text.indexOf(newline, from);
      return at === -1 ? undefined : { at, bytes: 1 };
    },
  };
}

/** Files of cells: lines end in LF, CRLF or CR, whichever comes. */
export function anyBreaks(encoding: Encoding): BreakFinder {
  const width = encoding === 'utf-8' ? 1 : 2;
  const [lf, cr] = [unitOf(newline, encoding), unitOf(carriageReturn, encoding)];
  let text: Buffer = nothing;
  let kept: Buffer = nothing;
  let [nextLf, nextCr] = [0, 0];

  /** Where the unit is next; at infinity where it is not. */
  function find(unit: Buffer, from: number): number {
    for (let at = text.indexOf(unit, from); at !== -1; at = text.indexOf(unit, at + 1)) {
      if (at % width === 0) return at;
    }
    return Number.POSITIVE_INFINITY;
  }

  return {
    take(chunk) {
      const whole = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
      let end = whole.length - (whole.length % width);
      // A newline may follow.
      if (end > 0 && whole.subarray(end - width, end).equals(cr)) end -= width;
      text = whole.subarray(0, end);
      kept = Buffer.from(whole.subarray(end));
      [nextLf, nextCr] = [-1, -1];
      return text;
    },
    rest() {
      text = kept;
      kept = nothing;
      [nextLf, nextCr] = [-1, -1];
      return text;
    },
    next(from) {
      if (nextLf < from) nextLf = find(lf, from);
      if (nextCr < from) nextCr = find(cr, from);
      const at = Math.min(nextLf, nextCr);
      if (at === Number.POSITIVE_INFINITY) return undefined;
      return { at, bytes: nextCr + width === nextLf ? 2 * width : width };
    },
  };
}

function unitOf(code: number, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from([code]);
  return Buffer.from(encoding === 'utf-16le' ? [code, 0] : [0, code]);
}

/** The encoding that the first bytes of a file tell: by its byte order mark, else by where the zeros are. */
export function encodingOf(start: Buffer): Encoding {
  const [first, second] = start;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === undefined || second === undefined || (first === 0) === (second === 0)) return 'utf-8';
  return second === 0 ? 'utf-16le' : 'utf-16be';
}

/** Bytes of an encoding as UTF-8: the same ones where they are that already. */
export function asUtf8(bytes: Buffer, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return bytes;
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const little = encoding === 'utf-16le' ? even : Buffer.from(even).swap16();
  const text = little.toString('utf16le');
  return Buffer.from(even.length === bytes.length ? text : `${text}\ufffd`);
}
