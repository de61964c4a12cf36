import { expect, test } from 'vitest';
import { createAudiencePort } from '../../src/connector/audience-sinks.ts';
import { permanentLease } from '../../src/delivery/partition-lease.ts';
import { createThrottleScopes } from '../../src/delivery/throttle-scopes.ts';
import type { GraphClient } from '../../src/meta/graph-client.ts';
import { deliveries, recorder, virtualClock } from '../delivery/fakes.ts';
import { fakeDestination, fakeSettings } from '../support/destinations.ts';

test('rule 23: a request without an answer lives from when it got its socket on, for which it had waited', async () => {
  const clock = virtualClock();
  const telemetry = recorder();
  const stop = new AbortController();
  const crm = fakeDestination([], { name: 'crm', settings: fakeSettings({ adAccountId: 'act_77' }) });
  const client: GraphClient = {
    async request({ maySend }) {
      await clock.advance(20_000);
      expect(maySend?.()).toBe(true);
      await clock.advance(10_000);
      return { kind: 'failed', reason: 'timeout', sent: true };
    },
    dropSockets: () => undefined,
    close: async () => undefined,
  };
  const port = createAudiencePort({
    ...{ client, clock, telemetry, random: () => 0 },
    scopes: createThrottleScopes(clock),
    destinationOf: () => crm,
    isPaused: () => false,
    ...{ aliveMillis: 60_000, handOverMillis: 0, maxAudiences: 1 },
    lease: permanentLease,
    gates: new Set(),
    tracing: { source: (source) => source, sink: (sink) => sink, client: (traced) => traced },
  });
  const ends: number[] = [];
  const watch = () => (aliveUntil: number) => {
    ends.push(aliveUntil);
    stop.abort();
  };
  const { sink } = port.sending(crm, { id: '120', valueBased: false }, watch, { lane: 'audience/120' });
  const [row] = deliveries(1, { destination: 'crm' });
  const terms = { audienceId: '120', operation: 'add', schema: ['EXTERN_ID'], settings: {} } as const;
  const startedAt = clock.monotonic();
  await expect(sink.send(row === undefined ? [] : [{ ...row, terms }], stop.signal)).rejects.toThrow();
  expect(ends).toEqual([startedAt + 20_000 + 60_000]);
});
