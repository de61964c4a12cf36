/**
 * Writes docs/reference/commands.md from what the commands say of themselves.
 *
 *     node scripts/generate-commands.ts
 *
 * A test fails when the page isn't what this would write.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { commands } from '../src/cli/commands.ts';

const page = resolve(import.meta.dirname, '../docs/reference/commands.md');

/** The page: a section for each command, and for each command of a command, with its help. */
export async function commandsPage(): Promise<string> {
  const loaded = await Promise.all(Object.values(commands).map((load) => load()));
  const rows = loaded.map((command) => `| [\`${command.name()}\`](#${command.name()}) | ${command.description()} |`);
  return [
    '<!-- Written by scripts/generate-commands.ts from the commands: change those. -->',
    '# Commands',
    'What `meta-actions COMMAND --help` prints. Exit codes: 0 done, 1 failed, 2 used or configured wrongly.',
    ['| command | what it does |', '|---|---|', ...rows].join('\n'),
    ...loaded.flatMap((command) => sections(command, command.name())),
  ]
    .join('\n\n')
    .concat('\n');
}

function sections(command: Command, title: string): readonly string[] {
  const section = `${'#'.repeat(title.split(' ').length + 1)} ${title}\n\n\`\`\`\n${helpOf(command)}\n\`\`\``;
  return [section, ...command.commands.flatMap((each) => sections(each, `${title} ${each.name()}`))];
}

function helpOf(command: Command): string {
  let text = '';
  const collect = (part: string) => {
    text += part;
  };
  command.configureOutput({ writeOut: collect, getOutHelpWidth: () => 100, getOutHasColors: () => false });
  command.outputHelp();
  return text.trimEnd();
}

if (process.argv[1] === import.meta.filename) writeFileSync(page, await commandsPage());
