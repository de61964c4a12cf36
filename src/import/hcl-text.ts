import type { Place } from './input.ts';

/** Why a text can't be read any further, and where. */
export interface HclMistake {
  readonly place: Place;
  readonly message: string;
}

/** A text that is read from its beginning to its end. */
export interface HclReader {
  /** The character at the position, `''` at the end. */
  peek(ahead?: number): string;
  startsWith(text: string): boolean;
  advance(count?: number): void;
  /** Blanks and comments; line breaks too unless told otherwise. */
  skipBlank(options?: { readonly overLines: boolean }): void;
  /** The longest match of a sticky expression, which is then behind the position. */
  take(pattern: RegExp): string | undefined;
  place(): Place;
  mistake(message: string): never;
}

/** What `mistake` throws: caught where a file is parsed, and nowhere else. */
export interface HclFailure {
  readonly hcl: HclMistake;
}

export function createHclReader(text: string): HclReader {
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  let at = 0;
  /** The position's line, from 0: reading goes forward only. */
  let line = 0;

  const reader: HclReader = {
    peek: (ahead = 0) => text[at + ahead] ?? '',
    startsWith: (wanted) => text.startsWith(wanted, at),
    advance(count = 1) {
      at = Math.min(text.length, at + count);
    },
    skipBlank({ overLines } = { overLines: true }) {
      const blank = overLines ? /[ \t\r\n\uFEFF]+/y : /[ \t\r]+/y;
      while (reader.take(blank) !== undefined || reader.take(/(?:#|\/\/)[^\n]*|\/\*[\s\S]*?\*\//y) !== undefined);
    },
    take(pattern) {
      pattern.lastIndex = at;
      const found = pattern.exec(text)?.[0];
      if (found === undefined || found === '') return undefined;
      at += found.length;
      return found;
    },
    place() {
      while ((lineStarts[line + 1] ?? Number.POSITIVE_INFINITY) <= at) line += 1;
      return { line: line + 1, column: at - (lineStarts[line] ?? 0) + 1 };
    },
    mistake(message) {
      const failure: HclFailure = { hcl: { place: reader.place(), message } };
      throw failure;
    },
  };
  return reader;
}
