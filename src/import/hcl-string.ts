import type { HclReader } from './hcl-text.ts';

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** A text in quotes or a heredoc; undefined when there is an expression in it, `${…}` or `%{…}`. */
export function readHclText(reader: HclReader): string | undefined {
  return reader.peek() === '"' ? readQuoted(reader) : readHeredoc(reader);
}

function readQuoted(reader: HclReader): string | undefined {
  let text = '';
  let isPlain = true;
  reader.advance();
  while (reader.peek() !== '"') {
    const plain = reader.take(/[^"\\$%\n]+/y);
    if (plain !== undefined) text += plain;
    else if (reader.peek() === '' || reader.peek() === '\n') reader.mistake('a text in quotes has no end');
    else if (reader.peek() === '\\') text += readEscape(reader);
    else {
      const dollar = readDollar(reader);
      if (dollar === undefined) isPlain = false;
      else text += dollar;
    }
  }
  reader.advance();
  return isPlain ? text : undefined;
}

function readEscape(reader: HclReader): string {
  reader.advance();
  const code = reader.take(/u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y);
  if (code !== undefined) {
    const point = Number.parseInt(code.slice(1), 16);
    if (point > 0x10ffff) reader.mistake('there is no such character');
    return String.fromCodePoint(point);
  }
  const escaped = escapes[reader.peek()];
  if (escaped === undefined) reader.mistake('there is no such escape; a backslash itself is written twice');
  reader.advance();
  return escaped ?? '';
}

/** `$` and `%` of a text; `$${` is how a text writes `${`. Undefined for an expression, which is passed over. */
function readDollar(reader: HclReader): string | undefined {
  const sign = reader.peek();
  if (reader.startsWith(`${sign}${sign}{`)) {
    reader.advance(3);
    return `${sign}{`;
  }
  if (reader.peek(1) !== '{') {
    reader.advance();
    return sign;
  }
  reader.advance(2);
  for (let depth = 1; depth > 0; ) {
    const next = reader.peek();
    if (next === '') reader.mistake('an expression in a text has no end');
    if (next === '"') {
      readQuoted(reader);
      continue;
    }
    if (next === '{') depth += 1;
    if (next === '}') depth -= 1;
    reader.advance();
  }
  return undefined;
}

function readHeredoc(reader: HclReader): string | undefined {
  const head = reader.take(/<<-?[A-Za-z_][\w-]*[ \t\r]*\n/y);
  if (head === undefined) return reader.mistake('expected a word and a line break after <<');
  const word = head.replace(/^<<-?|\s+$/g, '');
  const lines: string[] = [];
  for (;;) {
    if (reader.peek() === '') reader.mistake(`the text that <<${word} begins has no end`);
    const line = (reader.take(/[^\n]+/y) ?? '').replace(/\r$/, '');
    if (line.trim() === word) break;
    lines.push(line);
    if (reader.peek() === '\n') reader.advance();
  }
  const text = (head.startsWith('<<-') ? unindented(lines) : lines).map((line) => `${line}\n`).join('');
  if (/(?<![$%])[$%]\{/.test(text)) return undefined;
  return text.replaceAll('$${', '${').replaceAll('%%{', '%{');
}

function unindented(lines: readonly string[]): readonly string[] {
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const least = Math.min(...indents);
  return Number.isFinite(least) ? lines.map((line) => line.slice(least)) : lines;
}
