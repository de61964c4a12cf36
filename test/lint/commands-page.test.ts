import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commandsPage } from '../../scripts/generate-commands.ts';
import { commands } from '../../src/cli/commands.ts';

const page = readFileSync(new URL('../../docs/reference/commands.md', import.meta.url), 'utf8');

describe('docs/reference/commands.md', () => {
  test('is what the commands say: run `npm run generate` otherwise', async () => {
    expect(page).toBe(await commandsPage());
  });

  test.each(Object.keys(commands))('has a line and a section of %s', (name) => {
    expect(page).toContain(`| [\`${name}\`](#${name}) | `);
    expect(page).toContain(`\n## ${name}\n`);
  });

  test.each(Object.entries(commands))('%s names itself so', async (name, load) => {
    expect((await load()).name()).toBe(name);
  });
});
