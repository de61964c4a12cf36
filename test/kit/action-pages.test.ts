import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { actionPages } from '../../scripts/generate-docs.ts';
import { loadActions } from '../../src/kit/load-actions.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'docs', 'reference', 'actions');
const pages = await actionPages();

test('the reference pages are what the definitions say: run `node scripts/generate-docs.ts` otherwise', () => {
  expect(
    readdirSync(folder)
      .map((name) => join(folder, name))
      .sort(),
  ).toEqual([...pages.keys()].sort());
  for (const [path, text] of pages) expect(existsSync(path) && readFileSync(path, 'utf8'), path).toBe(text);
});

test('every action has a page with every field, and every conversion one with the body of an example', async () => {
  const actions = await loadActions(join(root, 'actions'));
  for (const { key, definition } of actions.values()) {
    const text = pages.get(join(folder, `${key}.md`)) ?? '';
    for (const field of Object.keys(definition.fields)) expect(text, key).toContain(`| \`${field}\` |`);
    if ('event_time' in definition.fields) expect(text, key).toMatch(/Meta gets:\n\n```json\n\{\n {2}"data": \[/);
  }
});
