/**
 * Reports names that use a retired word (scripts/words-list.ts): of files, and everything in the sources that is a name.
 * Comments, texts and members in quotation marks, which are often public, are not read.
 *
 *   node scripts/words.ts [FOLDER …]       src, actions and console, or these; exit 1 when there is any
 *   node scripts/words.ts --count          one line for each word
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Retired, retired } from './words-list.ts';

export interface Finding {
  readonly path: string;
  /** 0: the name of the file. */
  readonly line: number;
  readonly name: string;
  readonly word: string;
  readonly becomes: string;
}

export const productFolders = ['src', 'actions', 'console'];

/** Every use of a retired word, the first of each name in a file. */
export function retiredWords(root: string, folders: readonly string[], list = retired): readonly Finding[] {
  const paths = folders.flatMap((folder) => globSync(`${folder}/**/*.{ts,js}`, { cwd: root })).sort();
  return paths.flatMap((path) => findingsOf(path, readFileSync(join(root, path), 'utf8'), list));
}

export function findingsOf(path: string, text: string, list = retired): readonly Finding[] {
  const names = new Map([[basename(path).replace(/\..*$/, ''), 0], ...namesOf(text)]);
  const rules = list.filter((rule) => appliesTo(rule, path));
  return [...names].flatMap(([name, line]) => {
    const words = wordsOf(name);
    return rules
      .filter((rule) => uses(words, rule))
      .map(({ word, becomes }): Finding => ({ path, line, name, word, becomes }));
  });
}

function appliesTo({ within, except }: Retired, path: string): boolean {
  const isIn = (folder: string) => path === folder || path.startsWith(`${folder}/`);
  if (Object.keys(except ?? {}).some(isIn)) return false;
  return within === undefined || within.some(isIn);
}

function uses(words: readonly string[], { word, whole, unlessAfter = [], unlessBefore = [] }: Retired): boolean {
  const wanted = wordsOf(word);
  if (whole === true && words.length !== wanted.length) return false;
  return words.some(
    (_word, at) =>
      wanted.every((each, index) => words[at + index] === each) &&
      !unlessAfter.includes(words[at - 1] ?? '') &&
      !unlessBefore.includes(words[at + wanted.length] ?? ''),
  );
}

/** `createDeadLetter`, `dead-letter`, `DEAD_LETTER` in lower-case words. */
function wordsOf(name: string): readonly string[] {
  return name
    .split(/[-_$.]|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** What is no name comes first: a comment, a text, a template, a regular expression. */
const tokens =
  /\/\/.*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|(?<=[=(,:[!&|?{};]\s*|return\s)\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*|([A-Za-z_$][\w$]*)/g;

/** The names of a source, each with its first line. */
function namesOf(text: string): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  let line = 1;
  let read = 0;
  for (const found of text.matchAll(tokens)) {
    line += text.slice(read, found.index).split('\n').length - 1;
    read = found.index;
    const name = found[1];
    if (name !== undefined && !names.has(name)) names.set(name, line);
  }
  return names;
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({ options: { count: { type: 'boolean' } }, allowPositionals: true });
  const folders = positionals.length === 0 ? productFolders : positionals;
  const findings = retiredWords(resolve(import.meta.dirname, '..'), folders);
  if (values.count === true) {
    const counts = Map.groupBy(findings, ({ word, becomes }) => `${word} -> ${becomes}`);
    for (const [word, those] of counts) console.log(`${those.length} ${word}`);
  } else {
    for (const { path, line, name, word, becomes } of findings)
      console.log(`${path}${line === 0 ? '' : `:${line}`}: ${name} says "${word}": ${becomes}`);
  }
  console.log(`${findings.length} names use a retired word`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}
