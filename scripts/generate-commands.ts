/**
 * Writes docs/reference/commands.md and src/cli/command-descriptions.ts from what the commands say of themselves.
 *
 *     node scripts/generate-commands.ts
 *
 * A test fails when they aren't what this would write.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { allCommands } from '../src/cli/commands.ts';

const root = resolve(import.meta.dirname, '..');
const page = resolve(root, 'docs/reference/commands.md');
const module = resolve(root, 'src/cli/command-descriptions.ts');

/** What each command says of itself. */
export async function commandDescriptions(): Promise<Readonly<Record<string, string>>> {
  const loaded = await allCommands();
  return Object.fromEntries(loaded.map((command) => [command.name(), command.description()]));
}

async function descriptionsModule(): Promise<string> {
  return `/** What each command says of itself, for the help, which loads none of them. Made by \`npm run generate\`. */
export const commandDescriptions: Readonly<Record<string, string>> = ${JSON.stringify(await commandDescriptions())};
`;
}

/** The page: a section for each command, and for each command of a command, with its help. */
export async function commandsPage(): Promise<string> {
  const loaded = await allCommands();
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

if (process.argv[1] === import.meta.filename) {
  writeFileSync(page, await commandsPage());
  writeFileSync(module, await descriptionsModule());
  const biome = resolve(root, 'node_modules/@biomejs/biome/bin/biome');
  execFileSync(process.execPath, [biome, 'format', '--write', module], { cwd: root, stdio: 'ignore' });
}
