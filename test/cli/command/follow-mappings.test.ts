import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { contentOf, followMappings } from '../../../src/cli/command/follow-mappings.ts';

let folder: string;
let reloads: number;

beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(join(tmpdir(), 'followed-'));
  reloads = 0;
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const look = () => vi.advanceTimersByTimeAsync(1000);

function follow(everyMillis = 1000, path = folder): void {
  followMappings({ path, everyMillis, content: contentOf(path) }, async () => {
    reloads += 1;
  });
}

test('mappings are read again once for each change, and not while they stay as they are', async () => {
  write('shop.json', '{}');
  follow();
  await look();
  expect(reloads).toBe(0);
  write('shop.json', '{ "broken"');
  await look();
  await look();
  await look();
  expect(reloads).toBe(1);
  write('crm.json', '{}');
  await look();
  await look();
  expect(reloads).toBe(2);
  rmSync(join(folder, 'crm.json'));
  await look();
  await look();
  expect(reloads).toBe(3);
});

test('a file that is away while it is saved, and files that are written one by one, are no change until they rest', async () => {
  write('shop.json', '{}');
  write('crm.json', '{}');
  follow();
  renameSync(join(folder, 'crm.json'), join(folder, 'crm.json~'));
  await look();
  write('crm.json', '{}');
  await look();
  await look();
  expect(reloads).toBe(0);
  for (const name of ['a.json', 'b.json', 'c.json']) {
    write(name, '{}');
    await look();
  }
  expect(reloads).toBe(0);
  await look();
  expect(reloads).toBe(1);
});

test('a change between the start and the first look is seen', async () => {
  write('shop.json', '{}');
  const content = contentOf(folder);
  write('shop.json', '{ "name": "shop" }');
  followMappings({ path: folder, everyMillis: 1000, content }, async () => {
    reloads += 1;
  });
  await look();
  await look();
  expect(reloads).toBe(1);
});

test('what is no destination file, and a folder that is away for a moment, are no change', async () => {
  write('shop.json', '{}');
  follow();
  write('shop.test.json', '{}');
  write('notes.txt', 'x');
  await look();
  rmSync(join(folder, 'shop.json'));
  await look();
  write('shop.json', '{}');
  await look();
  expect(reloads).toBe(0);
});

test('files that are exchanged behind a link, as a ConfigMap is, are seen', async () => {
  for (const version of ['1', '2']) {
    mkdirSync(join(folder, `..${version}`));
    writeFileSync(join(folder, `..${version}`, 'shop.json'), version);
  }
  symlinkSync('..1', join(folder, '..data'));
  symlinkSync('..data/shop.json', join(folder, 'shop.json'));
  follow();
  symlinkSync('..2', join(folder, '..new'));
  renameSync(join(folder, '..new'), join(folder, '..data'));
  await look();
  await look();
  expect(reloads).toBe(1);
});

test('nobody looks where it is switched off', async () => {
  write('shop.json', '{}');
  follow(0);
  write('shop.json', '{ }');
  await look();
  expect([reloads, vi.getTimerCount()]).toEqual([0, 0]);
});
