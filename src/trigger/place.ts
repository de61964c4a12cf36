/** A place in a text as people count it: line and column from 1, and the line with a caret under the place. */
export interface Place {
  readonly line: number;
  /** In UTF-16 units, as editors count. */
  readonly column: number;
  /** Two lines: the source line (a part of it when it is long) and the caret. */
  readonly excerpt: string;
}

const excerptReach = 60;

/** Where `offset` is in `text`. */
export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const newline = text.indexOf('\n', offset);
  const lineEnd = newline === -1 ? text.length : newline;
  const line = before.split('\n').length;
  return { line, column: offset - lineStart + 1, excerpt: excerptOf(text, lineStart, lineEnd, offset) };
}

function excerptOf(text: string, lineStart: number, lineEnd: number, offset: number): string {
  const start = Math.max(lineStart, offset - excerptReach);
  const end = Math.min(lineEnd, offset + excerptReach);
  const head = start > lineStart ? '…' : '';
  const tail = end < lineEnd ? '…' : '';
  const shown = visible(text.slice(start, end).trimEnd());
  const indent = visible(text.slice(start, offset)).length + head.length;
  return `  ${head}${shown}${tail}\n  ${' '.repeat(indent)}^`;
}

/** A tab would push the caret off its place, and a control character could do anything to a terminal. */
function visible(text: string): string {
  return Array.from({ length: text.length }, (_, index) =>
    text.charCodeAt(index) < 0x20 || text.charCodeAt(index) === 0x7f ? ' ' : text.charAt(index),
  ).join('');
}
