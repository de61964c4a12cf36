import { expect, test } from 'vitest';
import { createLanes } from '../../../src/pipeline/lane/lanes.ts';
import { fakeDelivery } from '../../support/deliveries.ts';
import { fakeDestination, fakeSettings } from '../../support/destinations.ts';

const shop = (pixelId: string) => fakeDestination([], { settings: fakeSettings({ pixelId }) });

test('rule 37: what was held in front of a lane goes to its pixel, though another one is configured and the lane has closed', async () => {
  const open = new Map<object, string>();
  const sent: (string | undefined)[] = [];
  const lanes = createLanes({
    sinkFor(destination) {
      const sink = {
        async send(deliveries: readonly unknown[]) {
          sent.push(open.get(sink));
          return deliveries.map(() => ({ kind: 'delivered' as const }));
        },
        close: () => void open.delete(sink),
      };
      open.set(sink, destination().settings.pixelId ?? '');
      return sink;
    },
    concurrency: 1,
    lingerMillis: 0,
    clock: { now: Date.now, monotonic: Date.now, sleep: async () => undefined },
    telemetry: { emit: () => undefined },
    rejectedEarly: () => [],
    settled: () => undefined,
    dropped: () => undefined,
    failed: (error) => expect.fail(String(error)),
  });
  const first = shop('1');
  lanes.configure([first]);
  const lane = lanes.of(first);
  lanes.configure([shop('2')]);
  lanes.sweep();
  expect([...open.values()]).toEqual(['2']);
  lane?.offer(fakeDelivery('{}'));
  expect(lanes.size()).toBe(1);
  await expect.poll(() => sent).toEqual(['1']);
});
