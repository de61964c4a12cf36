import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commandDescriptions as said, commandsPage } from '../../scripts/generate-commands.ts';
import { commandDescriptions } from '../../src/cli/command-descriptions.ts';
import { commands } from '../../src/cli/commands.ts';

const page = readFileSync(new URL('../../docs/reference/commands.md', import.meta.url), 'utf8');

describe('docs/reference/commands.md', () => {
  test('is what the commands say: run `npm run generate` otherwise', async () => {
    expect(page).toBe(await commandsPage());
  });

  test('and the help of the program: run `npm run generate` otherwise', async () => {
    expect(commandDescriptions).toEqual(await said());
  });

  test.each(Object.keys(commands))('has a line and a section of %s', (name) => {
    expect(page).toContain(`| [\`${name}\`](#${name}) | `);
    expect(page).toContain(`\n## ${name}\n`);
  });

  test.each(Object.entries(commands))('%s names itself so', async (name, load) => {
    expect((await load()).name()).toBe(name);
  });
});
