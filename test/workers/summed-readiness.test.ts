import { expect, test } from 'vitest';
import { addUpReadiness } from '../../src/workers/summed-readiness.ts';

test('a run is ready while every worker is', () => {
  const ready = { reasons: [], degraded: [] };
  expect(
    addUpReadiness([
      { worker: 1, ...ready },
      { worker: 2, ...ready },
    ]),
  ).toEqual(ready);
});

test('what all say is said once, and the rest with the worker that says it', () => {
  const said = addUpReadiness([
    { worker: 1, reasons: ['lane shop is blocked: a token'], degraded: [] },
    { worker: 2, reasons: ['lane shop is blocked: a token', 'the source is not ready'], degraded: ['shop is slow'] },
  ]);
  expect(said).toEqual({
    reasons: ['lane shop is blocked: a token', 'worker 2: the source is not ready'],
    degraded: ['worker 2: shop is slow'],
  });
});

test('of three workers, two that say the same are named together', () => {
  const worker = (number: number, ...reasons: readonly string[]) => ({ worker: number, reasons, degraded: [] });
  const { reasons } = addUpReadiness([worker(1, 'stopping'), worker(2), worker(3, 'stopping')]);
  expect(reasons).toEqual(['workers 1, 3: stopping']);
});
