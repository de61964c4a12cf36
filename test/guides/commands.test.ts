import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { allCommands } from '../../src/cli/commands.ts';

const root = resolve(import.meta.dirname, '../..');
const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: root })];
const commands = await allCommands();

/** The words of a line of the shell, without what comes behind a comment, a pipe or a redirection. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)) {
    if (/^(?:#|\||&|>|<|;|2>)/.test(word)) break;
    words.push(word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
  }
  return words;
}

/** The commands of the product in the blocks of a page that are for a shell. */
function linesOf(page: string): readonly (readonly string[])[] {
  const blocks = readFileSync(resolve(root, page), 'utf8').matchAll(/^```(?:sh|console)[^\n]*\n([\s\S]*?)^```$/gm);
  return [...blocks].flatMap(([, body = '']) =>
    body
      .replaceAll('\\\n', ' ')
      .split('\n')
      .map((line) => wordsOf(line.replace(/^\$ /, '')))
      .map((words) => words.slice(words.findIndex((word) => !/^[A-Z_]+=|^npx$|^node$|^exec$/.test(word))))
      .filter(([program = '']) => program === 'meta-actions' || program === 'bin/meta-actions.js')
      .map(([, ...words]) => words),
  );
}

/** What is wrong with the words: a command or an option that there is none of, or a value that is missing. */
function complaint([name = '', ...rest]: readonly string[], known: readonly Command[]): string | undefined {
  const command = known.find((each) => each.name() === name);
  if (command === undefined)
    return /^(?:--version|--help|help|COMMAND|…)$/.test(name) ? undefined : `no command ${name}`;
  if (command.commands.length > 0) return complaint(rest, command.commands);
  const { operands, unknown } = command.exitOverride().parseOptions([...rest]);
  const extra = unknown.filter((word) => word !== '--help');
  if (extra.length > 0) return `${name} has no ${extra.join(' ')}`;
  const wanted = command.registeredArguments.filter(({ required }) => required).length;
  if (!rest.includes('--help') && operands.length < wanted) return `${name} wants ${wanted} arguments`;
  const takesAll = command.registeredArguments.some(({ variadic }) => variadic);
  return operands.length > command.registeredArguments.length && !takesAll
    ? `${name} takes no ${operands.at(-1)}`
    : undefined;
}

const lines = pages.flatMap((page) => linesOf(page).map((words) => [page, words.join(' '), words] as const));

describe('every command that the docs show is one that there is', () => {
  test('there are many', () => expect(lines.length).toBeGreaterThan(60));
  test.each(lines)('%s: %s', (_page, _line, words) => expect(complaint(words, commands)).toBeUndefined());

  test('a wrong one is seen', () => {
    expect(complaint(['explian'], commands)).toBe('no command explian');
    expect(complaint(['replay', '--cod', 'X'], commands)).toBe('replay has no --cod X');
    expect(complaint(['diff', 'a'], commands)).toBe('diff wants 2 arguments');
  });
});
