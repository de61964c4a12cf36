import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseCommitText } from '../../src/kafka/consumer/topic-logs.ts';
import { parseMetadata } from '../../src/pipeline/partition/commit-metadata.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { type ConnectorProcess, startConnector } from '../support/connector-process.ts';
import {
  asAdmin,
  brokerForTests,
  committedOffsets,
  createTopic,
  endOffsets,
  produce,
  readAll,
  type TestBroker,
  uniqueName,
} from '../support/kafka-broker.ts';
import { lettersOnce } from '../support/letters-once.ts';
import { orderRecord } from '../support/orders.ts';
import { runProgram } from '../support/program.ts';

const blockedPixel = '1111111111';
const healthyPixel = '2222222222';

describe('a blocked destination beside a healthy one', () => {
  let broker: TestBroker;
  let sandbox: Sandbox;
  let graph: string;
  let folder: string;
  let running: ConnectorProcess[] = [];

  beforeAll(async () => {
    broker = await brokerForTests();
  });
  afterAll(() => broker?.stop());
  beforeEach(async () => {
    sandbox = createSandbox();
    graph = await sandbox.listen();
    folder = mkdtempSync(join(tmpdir(), 'blocked-'));
  });
  afterEach(async () => {
    for (const connector of running) connector.kill('SIGKILL');
    await Promise.all(running.map(({ exited }) => exited));
    running = [];
    await sandbox.close();
  });

  function mappings(more: Readonly<Record<string, unknown>> = {}): string {
    writeFileSync(join(folder, 'token'), 'a-token-that-works');
    for (const [name, pixel, settings] of [
      ['blocked', blockedPixel, more],
      ['healthy', healthyPixel, {}],
    ] as const) {
      const destination = {
        name,
        settings: { pixel_id: pixel, access_token: { $file: 'token' }, ...settings },
        subscriptions: [{ name: 'Orders', action: 'purchase' }],
      };
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(destination));
    }
    return folder;
  }

  const faults = (method: string, body?: object) =>
    fetch(`${graph}/_sandbox/faults`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  const expired = { kind: 'token_expired', match: { path: blockedPixel } };

  async function idsAt(pixel: string): Promise<Map<string, number>> {
    const answer = await fetch(`${graph}/_sandbox/events?ids=true`);
    const lines = (await answer.text()).split('\n').filter((line) => line !== '');
    const all = lines.map((line): { dataset: string; event_id: string; count: number } => JSON.parse(line));
    return new Map(all.filter(({ dataset }) => dataset === pixel).map(({ event_id, count }) => [event_id, count]));
  }

  async function prepared(count: number) {
    const topic = uniqueName('blocked');
    await createTopic(broker.brokers, topic, { partitions: 4 });
    const all = Array.from({ length: count * 2 }, (_, index) => orderRecord(topic, index));
    const records = all.filter(({ eventId }) => eventId !== undefined).slice(0, count);
    await produce(broker.brokers, topic, records);
    return { topic, ids: records.map(({ eventId = '' }) => eventId) };
  }

  const environment = (topic: string, more: Readonly<Record<string, string>> = {}) => ({
    KAFKA_BROKERS: broker.brokers.join(','),
    KAFKA_TOPICS: topic,
    KAFKA_GROUP_ID: topic,
    KAFKA_FROM: 'earliest',
    KAFKA_SESSION_TIMEOUT_MS: broker.kind === 'embedded' ? '4000' : '6000',
    META_GRAPH_URL: graph,
    ...more,
  });

  function start(topic: string, folderOfMappings: string, more: Readonly<Record<string, string>> = {}) {
    const connector = startConnector({
      arguments: ['run', '--mappings', folderOfMappings],
      environment: environment(topic, more),
    });
    running.push(connector);
    return connector;
  }

  const readiness = async (connector: ConnectorProcess): Promise<string> =>
    (await fetch(`${connector.opsUrl()}/readyz`)).text();

  test('rules 3 and 6: the healthy one goes on, is not sent anything again after a kill, and a new token fixes it', async () => {
    const { topic, ids } = await prepared(1500);
    await faults('POST', expired);
    const where = mappings();
    const first = start(topic, where);
    await expect.poll(async () => (await idsAt(healthyPixel)).size).toBe(ids.length);
    await expect.poll(() => readiness(first)).toMatch(/lane blocked is blocked: .*Fix: /);
    const metrics = await (await fetch(`${first.opsUrl()}/metrics`)).text();
    expect(metrics).toMatch(/lane_blocked\{lane="blocked"\} 1/);
    expect(metrics).toMatch(/window_left_seconds \S+/);
    await expect.poll(() => toldToTheEnd(topic)).toBe(true);
    first.kill('SIGKILL');
    await first.exited;

    const second = start(topic, where);
    await expect.poll(() => second.log()).toContain('a lane is blocked');
    await faults('DELETE');
    writeFileSync(join(where, 'token'), 'another-token-that-works');
    await expect.poll(async () => (await idsAt(blockedPixel)).size).toBe(ids.length);
    const ends = await committedEnds(topic);
    await expect.poll(() => committedOffsets(broker.brokers, topic, topic)).toEqual(ends);
    expect([...(await idsAt(blockedPixel)).values()].every((count) => count === 1)).toBe(true);
    expect([...(await idsAt(healthyPixel)).values()].filter((count) => count !== 1)).toEqual([]);
    expect(await readAll(broker.brokers, `${topic}.dead-letters`)).toEqual([]);
    second.kill('SIGTERM');
    expect(await second.exited).toBe(0);
  });

  test('SIGHUP tries a blocked lane at once', async () => {
    const { topic, ids } = await prepared(50);
    await faults('POST', expired);
    const connector = start(topic, mappings());
    await expect.poll(() => connector.log()).toContain('a lane is blocked');
    const probes = () => sandbox.state.requests().filter(({ path }) => path.includes(blockedPixel));
    await expect.poll(() => probes().length).toBe(2);
    await faults('DELETE');
    connector.kill('SIGHUP');
    await expect.poll(async () => (await idsAt(blockedPixel)).size).toBe(ids.length);
    const [, second, third] = probes();
    // Without the signal it would come ten seconds after the one before.
    expect((third?.time ?? 0) - (second?.time ?? 0)).toBeLessThan(9_000);
  });

  test('rule 6: on_blocked dead_letter sets the full window aside, and the healthy one gets everything', async () => {
    const { topic, ids } = await prepared(broker.kind === 'embedded' ? 3000 : 8000);
    await faults('POST', expired);
    const where = mappings({ on_blocked: 'dead_letter', on_blocked_after_minutes: 0.02 });
    const connector = start(topic, where, { MAX_IN_FLIGHT_BYTES: String(1024 * 1024) });
    await expect.poll(async () => (await idsAt(healthyPixel)).size).toBe(ids.length);
    await expect.poll(() => connector.log()).toContain('a lane is blocked');
    expect((await idsAt(blockedPixel)).size).toBe(0);
    await faults('DELETE');
    connector.kill('SIGHUP');
    const ends = await committedEnds(topic);
    await expect.poll(() => committedOffsets(broker.brokers, topic, topic)).toEqual(ends);
    const letters = await readAll(broker.brokers, `${topic}.dead-letters`);
    const codes = letters.map(({ headers }) => String(headers['meta-actions.code']));
    expect(new Set(codes)).toEqual(new Set(['LANE_BLOCKED']));
    const ofLetters = new Set(letters.map(({ headers }) => String(headers['meta-actions.event-id'])));
    const delivered = await idsAt(blockedPixel);
    expect(ids.filter((id) => !ofLetters.has(id) && !delivered.has(id))).toEqual([]);
  }, 240_000);

  test('rule 18: run --once gives up when a lane is blocked for too long, with the cause, and keeps the offsets', async () => {
    const { topic } = await prepared(50);
    await faults('POST', expired);
    const { code, stderr } = await runProgram(['run', '--once', '--max-blocked', '0.02', '--mappings', mappings()], {
      environment: environment(topic),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: lane blocked is blocked for more than 0.02 minutes: .*token.*\[LANE_BLOCKED\]/is);
    const committed = await committedOffsets(broker.brokers, topic, topic);
    expect([...committed.values()].every((offset) => offset === 0)).toBe(true);
  });

  test('rule 16: run --once ends with 1 when a fuse has blown, and most of the topic is no dead letter', async () => {
    const topic = uniqueName('fuse');
    await createTopic(broker.brokers, topic, { partitions: 4 });
    const valid = JSON.parse(orderRecord(topic, 1).value.toString());
    const values = Array.from({ length: 1000 }, (_, index) =>
      JSON.stringify({ ...valid, messageId: `${topic}-${index}`, properties: { order_id: String(index) } }),
    );
    await produce(
      broker.brokers,
      topic,
      values.map((value) => ({ value })),
    );
    const { code, stderr } = await runProgram(['run', '--once', '--mappings', mappings()], {
      environment: environment(topic),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/is blocked: 200 of the last 200 events of subscription \S+\/Orders were rejected/);
    // Two destinations, 200 each.
    expect(lettersOnce(await readAll(broker.brokers, `${topic}.dead-letters`))).toHaveLength(400);
  });

  /** Each commit says that everything is done for one of the two, though the other holds the position. */
  async function toldToTheEnd(topic: string): Promise<boolean> {
    const ends = await endOffsets(broker.brokers, topic);
    const found = await asAdmin(broker.brokers, (admin) => admin.fetchOffsets({ groupId: topic, topics: [topic] }));
    return found
      .flatMap(({ partitions }) => partitions)
      .every(({ partition, offset, metadata }) => {
        const said = parseCommitText(metadata ?? undefined).metadata;
        const done = [...parseMetadata(said, Number(offset)).done.values()];
        return done.some(({ to }) => to === ends.get(partition)) || Number(offset) === ends.get(partition);
      });
  }

  async function committedEnds(topic: string): Promise<Map<number, number>> {
    const ends = new Map<number, number>();
    for (const { partition, offset } of await readAll(broker.brokers, topic)) ends.set(partition, offset + 1);
    for (const partition of (await committedOffsets(broker.brokers, topic, topic)).keys()) {
      if (!ends.has(partition)) ends.set(partition, 0);
    }
    return ends;
  }
});
