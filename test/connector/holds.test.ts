import { expect, it } from 'vitest';
import { createAudiencePort } from '../../src/connector/audience-sinks.ts';
import { createConversionSink } from '../../src/connector/conversion-sinks.ts';
import { createHolds } from '../../src/connector/holds.ts';
import type { Gate } from '../../src/delivery/gate.ts';
import { createPeers } from '../../src/delivery/peers.ts';
import { createThrottleScopes } from '../../src/delivery/throttle-scopes.ts';
import { graphClient } from '../../src/meta/graph-client.ts';
import { createTracing } from '../../src/tracing/tracing.ts';
import { fakeDestination } from '../support/destinations.ts';

it('a lane that is made while its destination is paused is paused, too, until it is resumed', async () => {
  const clock = { now: Date.now, monotonic: Date.now, sleep: async () => undefined };
  const gates = new Set<Gate>();
  const paused = new Set<string>();
  const parts = {
    ...{ clock, gates, random: Math.random, telemetry: { emit: () => undefined } },
    client: graphClient({ baseUrl: 'http://127.0.0.1:1', requestTimeoutMillis: 1, connections: 1 }),
    isPaused: (name: string) => paused.has(name),
    scopes: createThrottleScopes(clock, { firstMillis: 1, longestMillis: 1 }),
    peers: createPeers(),
    tracing: createTracing({ graphUrl: 'http://127.0.0.1:1' }, '1'),
  };
  const audiences = createAudiencePort({
    ...{ ...parts, aliveMillis: 1, handOverMillis: 1, maxAudiences: 1 },
    destinationOf: () => undefined,
    lease: { start() {}, stop() {}, isHeld: () => true, waitUntilHeld: async () => undefined },
  });
  const shop = fakeDestination([]);
  const lane = (name: string) => ({ lane: name, kind: 'audience' as const, destination: 'shop', waiting: 0 });
  const names = ['shop', 'audience 1'];
  const holds = createHolds(
    {
      laneStatuses: () => names.map((name) => ({ ...lane(name), state: 'running' as const })),
      hold: () => undefined,
      release: () => undefined,
      resumeLane: () => undefined,
      holdOf: () => undefined,
    },
    gates,
    paused,
  );
  holds.pause('shop');
  const audience = { id: '1', valueBased: false };
  const { sink } = audiences.sending(shop, audience, () => () => undefined, { lane: 'audience 1' });
  const sinks = [createConversionSink(() => shop, parts), sink];
  const states = () => sinks.map(({ state }) => state?.().state);
  expect(states()).toEqual(['paused', 'paused']);
  holds.resume('shop');
  expect(states()).toEqual(['running', 'running']);
  await parts.client.close();
});
