import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Files that write to the terminal themselves, and what of: none of it is data of strangers, or it goes through `visible`. */
const allowed = [
  'src/cli/command/print.ts',
  'src/cli/demo/demo.ts',
  'src/cli/program.ts',
  'src/cli/top.ts',
  'src/kafka/embedded/embedded-broker.ts',
  'src/replay/replay.ts',
];

test('commands print by print and printAside, which show what a terminal would obey', () => {
  const writing = globSync('src/**/*.ts', { cwd: root }).filter((path) =>
    /\bconsole\.\w+\(|\bstd(?:out|err)\.write\(/.test(readFileSync(resolve(root, path), 'utf8')),
  );
  expect(writing.filter((path) => !allowed.includes(path)).sort()).toEqual([]);
});
