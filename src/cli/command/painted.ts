import { styleText } from 'node:util';

/** What a line begins with, and the colour that says the same: a mark or a word is there without it. */
const marks = [
  [/^\s*(?:✓|ok)(?=\s)/, 'green'],
  [/^\s*(?:✗|FAIL|FAILURE|not ok|error:|fails:)(?=\s)/, 'red'],
  [/^\s*(?:!|WARNING|warning:)(?=\s)/, 'yellow'],
] as const;

/** The text with colours, where the stream shows them: in a terminal, by NO_COLOR and FORCE_COLOR, as Node has it. */
export function painted(text: string, stream: NodeJS.WritableStream): string {
  if (styleText('red', 'x', { stream }) === 'x') return text;
  return text.split('\n').map(paintedLine).join('\n');
}

function paintedLine(line: string): string {
  for (const [mark, colour] of marks) {
    const found = mark.exec(line)?.[0];
    if (found === undefined) continue;
    return `${styleText(colour, found, { validateStream: false })}${line.slice(found.length)}`;
  }
  return line;
}
