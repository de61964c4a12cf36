import { expect, test } from 'vitest';
import type { Outcome } from '../../src/core/outcome.ts';
import { trackingInDoubt } from '../../src/delivery/in-doubt.ts';
import { deliveries, never, virtualClock } from './fakes.ts';

const retryable = (ambiguous: boolean): Outcome => ({
  kind: 'retryable',
  failure: { code: 'NETWORK_RESET', message: 'reset' },
  ambiguous,
  halve: false,
});

function setUp(outcome: Outcome) {
  const clock = virtualClock();
  const ends: number[] = [];
  const watch = () => (aliveUntil: number) => void ends.push(aliveUntil);
  const sink = trackingInDoubt({ send: async (some) => some.map(() => outcome) }, { clock, watch });
  return { clock, sink, ends };
}

test('rule 23: a request that nobody answered counts as alive for 60 seconds', async () => {
  const { clock, sink } = setUp(retryable(true));
  await sink.send(deliveries(1), never);
  let quiet = false;
  const waiting = sink.quiet(never).then(() => {
    quiet = true;
  });
  await clock.advance(59_999);
  expect(quiet).toBe(false);
  await clock.advance(1);
  await waiting;
  expect(quiet).toBe(true);
});

test('rule 23: it lives from when it was given to its socket on, for which it may have waited', async () => {
  const clock = virtualClock();
  const ends: number[] = [];
  const startedAt = clock.now();
  const sink = trackingInDoubt(
    {
      send: async (some) => {
        await clock.advance(20_000);
        sink.sent();
        await clock.advance(10_000);
        return some.map(() => retryable(true));
      },
    },
    { clock, watch: () => (aliveUntil) => void ends.push(aliveUntil) },
  );
  await sink.send(deliveries(1), never);
  expect(ends).toEqual([startedAt + 20_000 + 60_000]);
});

test.each<[string, Outcome]>([
  ['delivered', { kind: 'delivered' }],
  ['refused for good', retryable(false)],
])('one that was %s is over at once', async (_, outcome) => {
  const { clock, sink } = setUp(outcome);
  await sink.send(deliveries(1), never);
  await sink.quiet(never);
  expect(clock.sleepers()).toBe(0);
});

test('a stop ends the wait', async () => {
  const { sink } = setUp(retryable(true));
  await sink.send(deliveries(1), never);
  const controller = new AbortController();
  const waiting = sink.quiet(controller.signal);
  controller.abort();
  await waiting;
});

test.each<[string, Outcome, number]>([
  ['may have arrived', retryable(true), 60_000],
  ['never left', retryable(false), 0],
  ['was answered', { kind: 'delivered' }, 0],
])('DELIVERY 24: tells of a request that %s until when it may still arrive', async (_, outcome, alive) => {
  const { clock, sink, ends } = setUp(outcome);
  const startedAt = clock.now();
  await sink.send(deliveries(1), never);
  expect(ends).toEqual([alive === 0 ? 0 : startedAt + alive]);
});
