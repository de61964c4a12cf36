import { expect, test } from 'vitest';
import { createProgress } from '../../../src/cli/command/progress.ts';

function shown(isTTY: boolean, more: { readonly total?: number; readonly lines?: boolean } = { total: 200 }) {
  const written: string[] = [];
  let now = 0;
  const stream = { isTTY, write: (text: string) => written.push(text) };
  const progress = createProgress({ label: 'sending', unit: 'rows', stream, now: () => now, ...more });
  const at = (millis: number, done: number) => {
    now = millis;
    progress.at(done);
  };
  return { progress, at, written };
}

test('is a bar on a terminal with rate and estimate, which gives way to notes and is gone at the end', () => {
  const { progress, at, written } = shown(true);
  at(1_999, 10);
  at(10_000, 100);
  progress.note('waiting 3 s');
  at(20_000, 200);
  progress.end();
  expect(written).toEqual([
    `\r\u001b[Ksending [${'█'.repeat(15)}${'·'.repeat(15)}] 50 %: 100 of 200 rows, 10/s, 10 s left`,
    '\r\u001b[K',
    'waiting 3 s\n',
    `\r\u001b[Ksending [${'█'.repeat(30)}] 100 %: 200 of 200 rows, 10/s`,
    '\r\u001b[K',
  ]);
});

test('is nothing for what takes less than two seconds', () => {
  const { progress, at, written } = shown(true);
  for (let millis = 0; millis < 2_000; millis += 50) at(millis, millis);
  progress.end();
  expect(written).toEqual([]);
});

test('is how much, and how fast, where nobody knows how much is to come', () => {
  const { at, written } = shown(true, {});
  at(4_000, 10_000);
  expect(written).toEqual(['\r\u001b[Ksending: 10000 rows, 2500/s']);
});

test('is nothing where there is no terminal, or a line now and then if that is wanted', () => {
  const silent = shown(false);
  for (let second = 1; second <= 25; second += 1) silent.at(second * 1_000, second);
  expect(silent.written).toEqual([]);
  const { progress, at, written } = shown(false, { total: 200, lines: true });
  for (let second = 1; second <= 25; second += 1) at(second * 1_000, second);
  progress.end();
  expect(written).toEqual([
    'sending 5 %: 10 of 200 rows, 1.0/s, 4 min left\n',
    'sending 10 %: 20 of 200 rows, 1.0/s, 3 min left\n',
  ]);
});
