import { expect, test } from 'vitest';
import { progress } from '../../../src/cli/audiences/progress.ts';

function shown(isTTY: boolean) {
  const written: string[] = [];
  let now = 0;
  const stream = { isTTY, write: (text: string) => written.push(text) };
  const bar = progress({ label: 'sending', total: 200, unit: 'rows', stream, now: () => now });
  const at = (millis: number, done: number) => {
    now = millis;
    bar.at(done);
  };
  return { bar, at, written };
}

test('is a bar on a terminal, which gives way to notes and is gone at the end', () => {
  const { bar, at, written } = shown(true);
  at(50, 10);
  at(10_000, 100);
  bar.note('waiting 3 s');
  at(20_000, 200);
  bar.end();
  expect(written).toEqual([
    `\r\u001b[Ksending [${'█'.repeat(15)}${'·'.repeat(15)}] 50 %: 100 of 200 rows, 10 s left`,
    '\r\u001b[K',
    'waiting 3 s\n',
    `\r\u001b[Ksending [${'█'.repeat(30)}] 100 %: 200 of 200 rows`,
    '\r\u001b[K',
  ]);
});

test('is a line now and then elsewhere', () => {
  const { bar, at, written } = shown(false);
  for (let second = 1; second <= 25; second += 1) at(second * 1_000, second);
  bar.end();
  expect(written).toEqual(['sending 5 %: 10 of 200 rows, 4 min left\n', 'sending 10 %: 20 of 200 rows, 3 min left\n']);
});
