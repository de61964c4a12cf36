import { expect, test } from 'vitest';
import type { Run } from '../../../bench/harness/run.ts';
import { byTurns } from '../../../bench/harness/turns.ts';

const runOf = (cpuMicros: number) => ({ cpuMicros }) as Run;

test('runs take turns, round by round, and each is told beside the product', async () => {
  const order: string[] = [];
  const told: string[] = [];
  const run = (name: string, cpuMicros: number) => async () => {
    order.push(name);
    return runOf(cpuMicros);
  };
  const rounds = await byTurns({ tell: (line) => told.push(line) }, 'all', 2, {
    product: run('product', 30),
    floor: run('floor', 20),
    peer: run('peer', 90),
  });
  expect(order).toEqual(['product', 'floor', 'peer', 'product', 'floor', 'peer']);
  expect(rounds.map(({ peer }) => peer.cpuMicros)).toEqual([90, 90]);
  expect(told[0]).toBe('all: product 30.0 µs; floor 20.0 µs, 1.50 ×; peer 90.0 µs, 3.00 ×');
});
