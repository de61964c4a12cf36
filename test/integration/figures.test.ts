import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTopic, produce, uniqueName } from '../support/kafka-broker.ts';
import type { ConnectorProcess } from '../support/connector-process.ts';
import { orderRecord } from '../support/orders.ts';
import { openStage, type Stage } from '../support/stage.ts';

const pixel = '1111111111';
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

/** Samples of these metrics, without the common beginning of their names. */
async function samples(connector: ConnectorProcess, names: RegExp): Promise<readonly string[]> {
  const text = await (await fetch(`${connector.opsUrl()}/metrics`)).text();
  const lines = text.split('\n').map((line) => line.replace('meta_actions_', ''));
  return lines.filter((line) => names.test(line)).sort();
}

async function readiness(connector: ConnectorProcess) {
  const answer = await fetch(`${connector.opsUrl()}/readyz`);
  return `${answer.status} ${await answer.text()}`;
}

test('figures of two topics that are read at once are right for each at rest, and readiness says what Meta slows', async () => {
  const [one, two] = [uniqueName('figures-one'), uniqueName('figures-two')];
  const orders = (run: string, count: number) =>
    Array.from({ length: count }, (_, index) => orderRecord(run, index + 1));
  stage.destination('shop', { pixel_id: pixel });
  for (const topic of [one, two]) await createTopic(stage.broker.brokers, topic, { partitions: 4 });
  await produce(stage.broker.brokers, one, orders(one, 120));
  await produce(stage.broker.brokers, two, orders(two, 45));
  const connector = stage.start(one, { KAFKA_TOPICS: `${one},${two}`, META_THROTTLE_PAUSE_MS: '600000' });
  await connector.ready();
  await expect
    .poll(() => samples(connector, /^(?:records_(?:read|settled)_total|in_flight_records)/))
    .toEqual(
      [
        'in_flight_records 0',
        ...[`{topic="${one}"} 120`, `{topic="${two}"} 45`].flatMap((rest) => [
          `records_read_total${rest}`,
          `records_settled_total${rest}`,
        ]),
      ].sort(),
    );
  await expect
    .poll(async () =>
      (await samples(connector, /^(?:consumer_lag_records|oldest_unsettled_seconds)\{/)).map(
        (line) => line.split(' ')[1],
      ),
    )
    .toEqual(Array.from({ length: 16 }, () => '0'));

  await stage.fault({ kind: 'html_502' });
  await produce(stage.broker.brokers, one, orders(`${one}-more`, 3));
  await expect
    .poll(() => readiness(connector))
    .toMatch(/^200 \{"status":"ready","degraded":\["lane shop sends again: Meta answers 502 since \d+ s/);
  expect(await samples(connector, /^lane_state\{.*retrying/)).toEqual(['lane_state{lane="shop",state="retrying"} 1']);
  await stage.fault();
  await stage.fault({ kind: 'throttle', code: 80004 });
  await produce(stage.broker.brokers, one, orders(`${one}-last`, 3));
  await expect
    .poll(() => readiness(connector))
    .toMatch(/^200 \{"status":"ready","degraded":\["lane shop is throttled until \d\d:\d\d UTC, in \d+ (?:min|s): /);
  await stage.fault();
  connector.kill('SIGHUP');
  await expect.poll(() => readiness(connector)).toBe('200 {"status":"ready"}');
});
