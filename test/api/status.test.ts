import { expect, it } from 'vitest';
import { createTraffic } from '../../src/api/traffic/traffic.ts';
import type { Facts } from '../../src/api/views/facts.ts';
import { statusAnswer } from '../../src/api/views/status.ts';

const now = 1_800_000_000_000;

/** A process that has run for a week, and read something only on its first day. */
function quietFacts(read: number, more: Partial<Facts> = {}): Facts {
  const traffic = createTraffic({ now: () => now });
  traffic.emit({ kind: 'records_read', topic: 'events', count: read, bytes: read });
  return {
    ...{ now: () => now, startedAt: now - 7 * 86_400_000, version: '1.2.3', host: 'here', source: 'kafka' },
    ...{ graphUrl: 'https://graph.facebook.com', deadLetters: 'topic:letters', maxInFlightBytes: 1 },
    destinations: () => [],
    phase: () => 'running',
    lanes: () => [],
    partitions: () => [],
    heldPartitions: () => [],
    writeFailures: () => [],
    waits: () => [],
    inFlight: () => ({ records: 0, bytes: 0 }),
    parked: () => new Map(),
    matchQuality: () => [],
    changedAudiences: () => [],
    refresh: () => undefined,
    askAudience: () => undefined,
    holds: { of: () => ({ state: 'none', waiting: 0 }) },
    traffic: { ...traffic, history: { ...traffic.history, today: () => 0 } },
    ...more,
  };
}

function status(read: number, more: Partial<Facts> = {}) {
  return statusAnswer(quietFacts(read, more), { who: 'somebody', changes: true }, { showIdentifiers: false });
}

it('a day without events is told from a process that has read none yet', () => {
  expect(status(0).sentence).toBe('All is well. Nothing has been read yet.');
  expect(status(5).sentence).toContain('All is well. 0 events in the last 24 hours; 0 reached Meta');
});

it('a source that is away for long is told from a start', () => {
  const starting: Partial<Facts> = { phase: () => 'starting' };
  expect(status(0, { ...starting, startedAt: now - 5_000 })).toMatchObject({
    state: 'well',
    sentence: 'It is starting.',
  });
  const away = status(5, starting);
  expect([away.state, away.sentence]).toEqual([
    'slowed',
    expect.stringContaining('Nothing is read: no broker answers'),
  ]);
});

it('what can not be written needs somebody', () => {
  const message = 'the disk is full';
  const failures = [
    { kind: 'dead_letters_fail', subject: 'dead letters', code: 'DEAD_LETTERS_FAIL', message },
    { kind: 'parking_fails', subject: 'parking for shop', destination: 'shop', code: 'PARKING_FAILS', message },
  ] as const;
  const { state, sentence, needs } = status(5, { writeFailures: () => failures });
  expect([state, needs.map(({ code }) => code)]).toEqual(['blocked', ['DEAD_LETTERS_FAIL', 'PARKING_FAILS']]);
  expect(sentence).toContain(
    "Dead letters can't be written. Nothing is lost: nothing is committed past them. the disk is full.",
  );
  expect(sentence).toContain('1 more thing needs you.');
});
