import { expect } from 'vitest';
import type { ConnectorProcess } from './connector-process.ts';
import { createTopic, produce, type ReadMessage, readAll, uniqueName } from './kafka-broker.ts';
import { type OrderRecord, orderRecord } from './orders.ts';
import type { Stage } from './stage.ts';

/**
 * Orders go from a topic to Meta, one in fifty of them broken. When so many (shares of all) have arrived, the connector
 * is killed and started again.
 */
export async function playMainJob(stage: Stage, count: number, killedAt: readonly number[]): Promise<void> {
  const { broker, sandbox } = stage;
  stage.destination('shop', { pixel_id: '1234567890' });
  const topic = uniqueName('orders');
  await createTopic(broker.brokers, topic, { partitions: 6 });
  const records = Array.from({ length: count }, (_, index) => orderRecord(topic, index));
  const valid = records.filter(({ eventId }) => eventId !== undefined);
  let connector = stage.start(topic);
  const producing = produceAll(stage, topic, records);
  for (const share of killedAt) {
    await holds(connector, 'so many have arrived', () => sandbox.state.summary().events.unique >= count * share);
    connector.kill('SIGKILL');
    expect(await connector.exited).toBe(null);
    connector = stage.start(topic);
  }
  await producing;
  await holds(connector, 'all is committed', () => stage.committedToEnd(topic));

  const missing = valid.filter(({ eventId = '' }) => sandbox.state.received(eventId) === 0);
  expect(missing.map(({ eventId }) => eventId)).toEqual([]);
  expect(sandbox.state.summary().events.unique).toBe(valid.length);

  await compareDeadLetters(await stage.deadLetters(topic), await readAll(broker.brokers, topic), records);

  connector.kill('SIGTERM');
  expect(await connector.exited).toBe(0);
  expect(connector.log()).not.toContain('@example.com');
  expect(connector.log()).not.toContain('integration-test-token');
}

async function produceAll({ broker }: Stage, topic: string, records: readonly OrderRecord[]): Promise<void> {
  const portion = 500;
  for (let index = 0; index < records.length; index += portion) {
    const messages = records.slice(index, index + portion).map(({ key, value }) => ({
      key,
      value,
      headers: { source: 'shop' },
    }));
    await produce(broker.brokers, topic, messages);
  }
}

/** Waits for it, and fails at once when the connector ends instead. */
async function holds(
  connector: ConnectorProcess,
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const ended = connector.exited.then((code) => `the connector ended with ${code}:\n${connector.log()}`);
  const reached = expect.poll(async () => (await condition()) || (await Promise.race([ended, false])), {
    message: `waited until ${what}`,
  });
  await reached.toBe(true);
}

/** Dead letters are a set of (position, subscription): one may be written twice after a kill. */
async function compareDeadLetters(
  letters: readonly ReadMessage[],
  source: readonly ReadMessage[],
  records: readonly OrderRecord[],
): Promise<void> {
  const codes = new Map(
    records.filter(({ code }) => code !== undefined).map(({ value, code }) => [value.toString('base64'), code]),
  );
  const wanted = new Map<string, string>();
  const originals = new Map<string, ReadMessage>();
  for (const message of source) {
    const code = codes.get(message.value?.toString('base64') ?? '');
    if (code === undefined) continue;
    const subscription = ['NOT_JSON', 'INVALID_UTF8', 'UNKNOWN_TYPE'].includes(code) ? '' : 'Orders';
    const place = `${message.partition}/${message.offset} ${subscription}`;
    wanted.set(place, code);
    originals.set(place, message);
  }
  const found = new Map<string, string>();
  for (const letter of letters) {
    const header = (name: string) => String(letter.headers[`meta-actions.${name}`] ?? '');
    const place = `${header('partition')}/${header('offset')} ${header('subscription')}`;
    found.set(place, header('code'));
    const original = originals.get(place);
    expect(letter.value?.equals(original?.value ?? Buffer.alloc(0))).toBe(true);
    expect(letter.key?.equals(original?.key ?? Buffer.alloc(0))).toBe(true);
    expect(String(letter.headers['source'])).toBe('shop');
  }
  expect(Object.fromEntries([...found].sort())).toEqual(Object.fromEntries([...wanted].sort()));
  expect(found.size).toBeGreaterThan(0);
}
