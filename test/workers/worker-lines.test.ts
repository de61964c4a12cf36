import { expect, test } from 'vitest';
import { createWorkerLines } from '../../src/workers/worker-lines.ts';

function linesOf(worker: number) {
  const written: string[] = [];
  return { written, lines: createWorkerLines(worker, (line) => written.push(line)) };
}

test('a line in pieces is written whole, with the number of its worker', () => {
  const { lines, written } = linesOf(2);
  lines.take('{"level":"in');
  lines.take('fo","msg":"a"}\n{"level":"warn"}');
  expect(written).toEqual(['{"worker":2,"level":"info","msg":"a"}\n']);
  lines.end();
  expect(written).toEqual(['{"worker":2,"level":"info","msg":"a"}\n', '{"worker":2,"level":"warn"}\n']);
});

test('what is no line of a log becomes one', () => {
  const { lines, written } = linesOf(1);
  lines.take('FATAL ERROR: \u001b[31mout of memory\n\n    at x\n');
  expect(written.map((line) => JSON.parse(line))).toMatchObject([
    { worker: 1, level: 'error', msg: 'FATAL ERROR: \u001b[31mout of memory' },
    { worker: 1, level: 'error', msg: '    at x' },
  ]);
  expect(written.join('')).not.toContain('\u001b');
});

test('a line without an end takes no memory without bound, and stays JSON', () => {
  const { lines, written } = linesOf(1);
  const piece = `{"msg":"${'x'.repeat(100_000)}`;
  for (let at = 0; at < 5; at += 1) lines.take(piece);
  expect(written.length).toBeGreaterThan(0);
  for (const line of written) expect(() => JSON.parse(line)).not.toThrow();
});
