import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTopic, produce, uniqueName } from '../support/kafka-broker.ts';
import { lettersOnce } from '../support/letters-once.ts';
import { isOnApacheKafka } from '../support/needs.ts';
import { shopRegistry, type ShopRegistry } from '../support/schema-registry.ts';
import { type ShopOrder, shopOrder } from '../support/shop-orders.ts';
import { openStage, type Stage } from '../support/stage.ts';

/** Of each format. The embedded broker is there for the way, not for the load. */
const count = isOnApacheKafka ? 50_000 : 1500;
const awayMillis = isOnApacheKafka ? 30_000 : 1500;
const minutes = 60_000;

let stage: Stage;
let registry: ShopRegistry;

beforeAll(async () => {
  // Of every event, also of those that are sent again after the SIGKILL.
  [stage, registry] = await Promise.all([openStage({ keepEvents: 6 * count }), shopRegistry()]);
}, minutes);

afterAll(async () => {
  await stage.close();
  await registry.close();
});

async function produceAll(topic: string, values: readonly Buffer[]): Promise<void> {
  for (let from = 0; from < values.length; from += 500) {
    const portion = values.slice(from, from + 500);
    await produce(
      stage.broker.brokers,
      topic,
      portion.map((value, index) => ({ key: `k-${from + index}`, value })),
    );
  }
}

/** The events whose body isn't that of the same order in JSON, byte for byte but for the id, which names the format. */
function differences(): readonly string[] {
  const bodies = new Map<string, string>();
  const different: string[] = [];
  let compared = 0;
  const events = () =>
    [...stage.sandbox.state.events()].map(
      ({ event: { event_id, ...rest } }) => [String(event_id), JSON.stringify(rest)] as const,
    );
  for (const [id, body] of events()) if (id.startsWith('json-')) bodies.set(id.slice('json-'.length), body);
  for (const [id, body] of events()) {
    const [format = '', index = ''] = id.split('-');
    if (bodies.get(index) !== body) different.push(id);
    else if (format !== 'json') compared += 1;
  }
  if (compared < 2 * count) different.push(`only ${compared} were compared`);
  return different.slice(0, 10);
}

describe('topics of JSON, Avro and Protobuf', () => {
  test(
    'arrive at one destination, whole, through a registry that is away and a SIGKILL',
    async () => {
      stage.destination('shop', { pixel_id: '1234567890' });
      const name = uniqueName('formats');
      const formats = ['json', 'avro', 'protobuf'] as const;
      const topicOf = (format: string) => `${name}-${format}`;
      for (const format of formats) await createTopic(stage.broker.brokers, topicOf(format), { partitions: 2 });
      const sources = join(stage.folder, '..', `${name}.sources.json`);
      const topics = { [topicOf('avro')]: { format: 'avro' }, [topicOf('protobuf')]: { format: 'protobuf' } };
      writeFileSync(sources, JSON.stringify({ topics }));
      const more = {
        SOURCES: sources,
        SCHEMA_REGISTRY_URL: registry.url,
        KAFKA_TOPICS: formats.map(topicOf).join(','),
        KAFKA_GROUP_ID: name,
      };
      const at = Date.now();
      const orders = (format: string): readonly ShopOrder[] =>
        Array.from({ length: count }, (_, index) => shopOrder(`${format}-${index}`, index, at, registry.ids));
      const unique = () => stage.sandbox.state.summary().events.unique;
      const reaches = (wanted: number) =>
        expect.poll(unique, { timeout: 10 * minutes, interval: 50 }).toBeGreaterThanOrEqual(wanted);

      registry.isAway = true;
      let connector = stage.start(name, more);
      for (const format of formats)
        await produceAll(
          topicOf(format),
          orders(format).map((order) => order[format]),
        );
      // What needs no schema isn't held up by what does.
      await reaches(count);
      await expect.poll(connector.log, { timeout: minutes }).toContain('REGISTRY_UNREACHABLE');
      const readiness = await fetch(`${connector.opsUrl()}/readyz`);
      expect([readiness.status, await readiness.text()]).toEqual([
        503,
        expect.stringContaining('Fix: check SCHEMA_REGISTRY_URL'),
      ]);
      // In the middle of it one more joins, and the first is restarted. The embedded broker takes long for both.
      const other = isOnApacheKafka ? stage.start(name, more) : undefined;
      if (isOnApacheKafka) {
        connector.kill('SIGTERM');
        await connector.exited;
        connector = stage.start(name, more);
      }
      await new Promise((resolve) => setTimeout(resolve, awayMillis));
      expect(unique()).toBe(count);
      registry.isAway = false;
      await reaches(Math.floor(count * 1.5));
      connector.kill('SIGKILL');
      await connector.exited;
      connector = stage.start(name, more);
      await reaches(3 * count);
      expect(unique()).toBe(3 * count);
      expect(differences()).toEqual([]);

      const unknown = Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 2]);
      const cutOff = orders('avro')[0]?.avro.subarray(0, 40) ?? Buffer.alloc(0);
      await produceAll(topicOf('avro'), [unknown, cutOff, shopOrder('last', 0, at, registry.ids).avro]);
      await reaches(3 * count + 1);
      const letters = async () =>
        lettersOnce(await stage.deadLetters(topicOf('json'))).map(({ headers }) =>
          String(headers?.['meta-actions.code']),
        );
      await expect
        .poll(letters, { timeout: minutes })
        .toEqual(expect.arrayContaining(['SCHEMA_UNKNOWN', 'SCHEMA_MISMATCH']));
      expect((await letters()).length).toBe(2);
      for (const each of [connector, ...(other === undefined ? [] : [other])]) {
        each.kill('SIGTERM');
        expect(await each.exited).toBe(0);
      }
      expect(connector.log()).not.toContain('@example.com');
    },
    20 * minutes,
  );
});
