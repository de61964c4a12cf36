import { expect, test } from 'vitest';
import { createAudiencePort } from '../../src/connector/audience-sinks.ts';
import type { Clock } from '../../src/core/ports.ts';
import type { ResolvedAudience } from '../../src/core/audience.ts';
import { permanentLease } from '../../src/delivery/partition-lease.ts';
import { createThrottleScopes } from '../../src/delivery/throttle-scopes.ts';
import type { GraphClient } from '../../src/meta/graph-client.ts';
import { deliveries, recorder, virtualClock } from '../delivery/fakes.ts';
import { fakeDestination, fakeSettings } from '../support/destinations.ts';

const crm = fakeDestination([], { name: 'crm', settings: fakeSettings({ adAccountId: 'act_77' }) });
const terms = { audienceId: '120', operation: 'add', schema: ['EXTERN_ID'], settings: {} } as const;

function portWith(client: GraphClient, clock: Clock) {
  return createAudiencePort({
    ...{ client, clock, telemetry: recorder(), random: () => 0 },
    scopes: createThrottleScopes(clock),
    destinationOf: () => crm,
    isPaused: () => false,
    ...{ aliveMillis: 60_000, handOverMillis: 0, maxAudiences: 1 },
    lease: permanentLease,
    gates: new Set(),
    tracing: { source: (source) => source, sink: (sink) => sink, client: (traced) => traced },
  });
}

test('rule 23: a request without an answer lives from when it got its socket on, for which it had waited', async () => {
  const clock = virtualClock();
  const stop = new AbortController();
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
  const port = portWith(client, clock);
  const ends: number[] = [];
  const watch = () => (aliveUntil: number) => {
    ends.push(aliveUntil);
    stop.abort();
  };
  const { sink } = port.sending(crm, { id: '120', valueBased: false }, watch, { lane: 'audience/120' });
  const [row] = deliveries(1, { destination: 'crm' });
  const startedAt = clock.monotonic();
  await expect(sink.send(row === undefined ? [] : [{ ...row, terms }], stop.signal)).rejects.toThrow();
  expect(ends).toEqual([startedAt + 20_000 + 60_000]);
});

test('the limits of an ad account that an event names hold back its audience, and no other', async () => {
  const clock = virtualClock();
  const usage = (percent: number) => ({
    type: 'custom_audience',
    call_count: percent,
    total_cputime: 0,
    total_time: 0,
  });
  const headers = { 'x-business-use-case-usage': JSON.stringify({ 77: [usage(5)], 88: [usage(95)] }) };
  const audience = { id: '120', name: 'gold', subtype: 'CUSTOM' };
  const client: GraphClient = {
    async request({ method, path }) {
      if (method === 'POST') return { kind: 'answered', status: 200, headers, json: { num_received: 1 } };
      return { kind: 'answered', status: 200, headers, json: path.includes('act_') ? { data: [audience] } : audience };
    },
    dropSockets: () => undefined,
    close: async () => undefined,
  };
  const port = portWith(client, clock);
  const never = new AbortController().signal;
  const target = { kind: 'name', name: 'gold', adAccountId: 'act_88', fromEvent: true } as const;
  const search = port.search(
    () => crm,
    target,
    never,
    () => false,
    { lane: 'search' },
  );
  const found = await search.found;
  expect(search.state?.()).toMatchObject({ state: 'throttled' });
  const send = async (resolved: ResolvedAudience | undefined) => {
    const { sink } = port.sending(crm, resolved ?? crash(), () => () => undefined, { lane: 'audience/120' });
    await sink.send(
      deliveries(1, { destination: 'crm' }).map((row) => ({ ...row, terms })),
      never,
    );
    return sink.state?.();
  };
  expect(await send({ id: '121', valueBased: false })).toMatchObject({ state: 'running' });
  expect(await send(found)).toMatchObject({ state: 'throttled' });
  expect(await send({ id: '121', valueBased: false })).toMatchObject({ state: 'running' });
});

function crash(): never {
  throw new Error('no audience was found');
}
