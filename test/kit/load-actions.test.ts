import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadActions } from '../../src/kit/load-actions.ts';

const source = (title: string) =>
  `export default { title: '${title}', description: 'D.', fields: {}, toPayload: () => ({ kind: 'skipped', reason: 'r' }) };`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'actions-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('loads every file of a folder by its name, but neither declarations nor folders in it', async () => {
  await writeFile(join(folder, 'b-two.js'), source('Two'));
  await writeFile(join(folder, 'a-one.js'), source('One'));
  await writeFile(join(folder, 'a-one.d.ts'), 'export {};');
  await writeFile(join(folder, 'notes.md'), 'notes');
  await mkdir(join(folder, 'fields'));
  await writeFile(join(folder, 'fields', 'common.js'), 'export const a = 1;');
  const actions = await loadActions(folder);
  expect([...actions.keys()]).toEqual(['a-one', 'b-two']);
  expect(actions.get('b-two')).toMatchObject({ key: 'b-two', definition: { title: 'Two' } });
});

test.each([
  ['that has a syntax error', 'export default {', 'ACTION_UNREADABLE'],
  ['that exports no definition', 'export const a = 1;', 'ACTION_INVALID'],
  [
    'whose fields have an unknown type',
    source('T').replace('fields: {}', "fields: { a: { type: 'text', label: 'A', description: 'A.' } }"),
    'ACTION_INVALID',
  ],
])('names the file %s', async (_, text, code) => {
  await writeFile(join(folder, 'broken.js'), text);
  await expect(loadActions(folder)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(join(folder, 'broken.js')),
  });
});

test('names two files of one key', async () => {
  await writeFile(join(folder, 'one.js'), source('One'));
  await writeFile(join(folder, 'one.ts'), source('One'));
  await expect(loadActions(folder)).rejects.toMatchObject({ code: 'ACTION_TWICE' });
});

test('names a folder that is not there', async () => {
  const missing = join(folder, 'nowhere');
  await expect(loadActions(missing)).rejects.toMatchObject({
    code: 'ACTIONS_UNREADABLE',
    message: expect.stringContaining(missing),
  });
});
