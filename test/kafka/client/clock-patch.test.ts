import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { patchHeartbeats } from '../../../src/kafka/client/clock-patch.ts';

const require = createRequire(import.meta.url);
type Group = { lastRequest: number; memberId: string; heartbeat(options: { interval: number }): Promise<void> };
const ConsumerGroup = require('kafkajs/src/consumer/consumerGroup') as new (options: object) => Group;

it('heartbeats go on when the clock was set back, and keep their distance', async () => {
  expect([patchHeartbeats(), patchHeartbeats('2.3.0')]).toEqual([true, false]);
  let sent = 0;
  const logger = { namespace: () => ({}) };
  const instrumentationEmitter = { emit() {} };
  const group = new ConsumerGroup({ topics: [], topicConfigurations: {}, logger, instrumentationEmitter });
  Object.assign(group, { memberId: 'me', coordinator: { heartbeat: async () => void sent++ } });
  await group.heartbeat({ interval: 60_000 });
  expect(sent).toBe(0);
  group.lastRequest = Date.now() + 3_600_000;
  await group.heartbeat({ interval: 60_000 });
  await group.heartbeat({ interval: 60_000 });
  expect(sent).toBe(1);
});
