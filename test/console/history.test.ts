import { describe, expect, it } from 'vitest';
import { drawn, drawnChanges } from '../../console/app/history.ts';

const zeros = Array.from({ length: 600 }, () => 0);

function history(changes: object) {
  const [read, matched, delivered, skipped, setAside] = [zeros, zeros, zeros, zeros, zeros];
  const counts = { read, matched, sent: zeros, delivered, skipped, setAside, delayP50: zeros, delayP99: zeros };
  return { stepSeconds: 1, from: 1_000_000, ...counts, ...changes };
}

describe('a history that is drawn', () => {
  it('has few points, each the events of a second on the average', () => {
    const { times, read } = drawn(history({ read: zeros.map((_zero, index) => index % 5) }), 0);
    expect([times.length, read.length]).toEqual([120, 120]);
    expect(new Set(read)).toEqual(new Set([2]));
    expect([times[0], times[1]]).toEqual([1000, 1005]);
  });

  it('shows a delay only where something was delivered: the middle, and the longest of the 99 of 100', () => {
    const delays = zeros.map((_zero, index) => (index < 5 ? [0, 10, 30, 20, 0][index] : 0));
    const { p50, p99 } = drawn(history({ delayP50: delays, delayP99: delays }), 0);
    expect([p50[0], p99[0]]).toEqual([20, 30]);
    expect([p50[1], p99[1]]).toEqual([null, null]);
  });

  it('begins when the process did, but with a minute at least', () => {
    expect(drawn(history({}), 1_000_000 + 400_000).times[0]).toBe(1400);
    expect(drawn(history({}), 1_000_000 + 599_000).times[0]).toBe(1540);
  });
});

describe('who joined and left', () => {
  const changes = { stepSeconds: 1, from: 1_000_000, joins: zeros.map(() => 2), leaves: zeros.map(() => 1) };

  it('is drawn as bars, up and down, each the sum of its span', () => {
    const { times, joins, leaves } = drawnChanges(changes, 0);
    expect([times.length, times[1], joins[0], leaves[0]]).toEqual([60, 1010, 20, -10]);
  });

  it('begins when the process did', () => {
    expect(drawnChanges(changes, 1_000_000 + 400_000).joins).toHaveLength(20);
  });
});
