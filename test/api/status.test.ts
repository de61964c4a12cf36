import { expect, it } from 'vitest';
import { createTraffic } from '../../src/api/traffic/traffic.ts';
import type { Facts } from '../../src/api/views/facts.ts';
import { statusAnswer } from '../../src/api/views/status.ts';

const now = 1_800_000_000_000;

/** A process that has run for a week, and read something only on its first day. */
function quietFacts(read: number): Facts {
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
    waits: () => [],
    inFlight: () => ({ records: 0, bytes: 0 }),
    parked: () => new Map(),
    matchQuality: () => [],
    changedAudiences: () => [],
    refresh: () => undefined,
    askAudience: () => undefined,
    holds: { of: () => ({ state: 'none', waiting: 0 }) },
    traffic: { ...traffic, history: { ...traffic.history, today: () => 0 } },
  };
}

const sentence = (read: number) =>
  statusAnswer(quietFacts(read), { who: 'somebody', changes: true }, { showIdentifiers: false }).sentence;

it('a day without events is told from a process that has read none yet', () => {
  expect(sentence(0)).toBe('All is well. Nothing has been read yet.');
  expect(sentence(5)).toContain('All is well. 0 events in the last 24 hours; 0 reached Meta');
});
