import { expect, test } from 'vitest';
import { pausedByPerson } from '../../../src/core/lane-state.ts';
import { createLanes, type LanesOptions } from '../../../src/pipeline/lane/lanes.ts';
import { fakeDelivery } from '../../support/deliveries.ts';
import { fakeDestination, fakeSettings } from '../../support/destinations.ts';

const shop = (pixelId: string) => fakeDestination([], { settings: fakeSettings({ pixelId }) });

function opened(sinkFor: LanesOptions['sinkFor']) {
  const ended: string[] = [];
  const lanes = createLanes({
    sinkFor,
    concurrency: 1,
    lingerMillis: 0,
    clock: { now: Date.now, monotonic: Date.now, sleep: async () => undefined },
    telemetry: { emit: () => undefined },
    rejectedEarly: () => [],
    settled: (_, deliveries, outcomes) => void ended.push(...deliveries.map((_, at) => outcomes[at]?.kind ?? '')),
    dropped: () => undefined,
    failed: (error) => expect.fail(String(error)),
  });
  return { lanes, ended };
}

test('rule 37: what was held in front of a lane goes to its pixel, though another one is configured and the lane has closed', async () => {
  const open = new Map<object, string>();
  const sent: (string | undefined)[] = [];
  const { lanes } = opened((destination) => {
    const sink = {
      async send(deliveries: readonly unknown[]) {
        sent.push(open.get(sink));
        return deliveries.map(() => ({ kind: 'delivered' as const }));
      },
      close: () => void open.delete(sink),
    };
    open.set(sink, destination().settings.pixelId ?? '');
    return sink;
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

test.each([
  { why: 'Meta has blocked', failure: { code: 'META_190', message: 'the token has expired' }, ends: ['rejected'] },
  { why: 'a person has paused', failure: pausedByPerson, ends: [] },
])('what $why when its pixel is replaced ends as $ends', ({ failure, ends }) => {
  const never = () => new Promise<never>(() => undefined);
  const { lanes, ended } = opened(() => ({ send: never, blocked: () => ({ since: 0, failure }) }));
  const first = shop('1');
  lanes.configure([first]);
  lanes.of(first)?.offer(fakeDelivery('{}'));
  lanes.configure([shop('2')]);
  lanes.sweep();
  expect(ended).toEqual(ends);
});
