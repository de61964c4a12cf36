import { expect, test } from 'vitest';
import type { Outcome } from '../../src/core/outcome.ts';
import { createGate } from '../../src/delivery/gate.ts';
import { retryLookup } from '../../src/delivery/retry-lookup.ts';
import { recorder, virtualClock } from './fakes.ts';

type Answer = { readonly kind: 'found' } | Exclude<Outcome, { kind: 'delivered' }>;
const failure = { code: 'X', message: 'x' };

function setUp(answers: readonly Answer[]) {
  const clock = virtualClock();
  const telemetry = recorder();
  const lane = 'audience';
  const own = createGate({ lane, clock, telemetry });
  const rest = [...answers];
  let asked = 0;
  const ask = async (): Promise<Answer> => {
    asked += 1;
    return rest.shift() ?? { kind: 'found' };
  };
  const start = (signal: AbortSignal) =>
    retryLookup(ask, { gate: own, clock, random: () => 0.5, telemetry, lane }, signal);
  return { clock, gate: own, start, asked: () => asked };
}

test('asks until there is an answer', async () => {
  const { clock, start, asked } = setUp([
    { kind: 'retryable', failure, ambiguous: false, halve: false },
    { kind: 'throttled', failure, scope: 'account', waitMillis: 60_000 },
    { kind: 'blocked', failure },
  ]);
  expect(await clock.run(start(new AbortController().signal))).toEqual({ kind: 'found' });
  expect(asked()).toBe(4);
});

test('a refusal blocks: nobody’s record is at fault', async () => {
  const { clock, gate: own, start } = setUp([{ kind: 'rejected', failure, whole: true, known: true }]);
  const controller = new AbortController();
  const asking = start(controller.signal);
  await clock.advance(1);
  expect(own.blockage()?.failure).toEqual(failure);
  controller.abort();
  await expect(asking).rejects.toMatchObject({ code: 'ABORTED' });
});
