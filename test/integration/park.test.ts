import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { type ConnectorProcess, startConnector } from '../support/connector-process.ts';
import {
  brokerForTests,
  committedOffsets,
  createTopic,
  endOffsets,
  produce,
  readAll,
  type TestBroker,
  uniqueName,
} from '../support/kafka-broker.ts';
import { orderRecord } from '../support/orders.ts';
import { runProgram } from '../support/program.ts';

const parkedPixel = '1111111111';
const healthyPixel = '2222222222';
const shutAudience = '120211';
const openAudience = '120212';
const long = { interval: 250 };

function membership(user: string, joins: boolean, round: number) {
  return {
    type: 'identify',
    messageId: `${user}-${round}`,
    userId: user,
    traits: { email: `${user}@shop.example`, members: joins },
    context: { personas: { computation_key: 'members' } },
  };
}

describe('DELIVERY 6: a destination that parks beside a healthy one', () => {
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
    sandbox = createSandbox({
      audiences: [shutAudience, openAudience].map((id) => ({ id, accountId: '77', name: id })),
    });
    graph = await sandbox.listen();
    folder = mkdtempSync(join(tmpdir(), 'park-'));
    for (const [name, pixel, settings] of [
      ['parks', parkedPixel, { on_blocked: 'park' }],
      ['healthy', healthyPixel, {}],
    ] as const) {
      const destination = {
        name,
        settings: { pixel_id: pixel, access_token: { $env: 'META_ACCESS_TOKEN' }, ...settings },
        subscriptions: [{ name: 'Orders', action: 'purchase' }],
      };
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(destination));
    }
  });
  afterEach(async () => {
    for (const connector of running) connector.kill('SIGKILL');
    await Promise.all(running.map(({ exited }) => exited));
    running = [];
    await sandbox.close();
  });

  const faults = (method: string, body?: object) =>
    fetch(`${graph}/_sandbox/faults`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  const expired = { kind: 'token_expired', match: { path: parkedPixel } };

  /** Event ids in the order in which the pixel first took them. */
  async function idsAt(pixel: string): Promise<readonly string[]> {
    const answer = await fetch(`${graph}/_sandbox/events?ids=true&dataset=${pixel}`);
    const lines = (await answer.text()).split('\n').filter((line) => line !== '');
    return lines.map((line) => (JSON.parse(line) as { event_id: string }).event_id);
  }

  async function membersOf(audience: string): Promise<readonly string[]> {
    const lines = (await (await fetch(`${graph}/_sandbox/audiences/${audience}/members`)).text()).split('\n');
    const members = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as { EXTERN_ID: string[] });
    return members.flatMap(({ EXTERN_ID }) => EXTERN_ID).sort();
  }

  /** The group has committed all of a topic, whatever is still being written to it. */
  async function settledToTheEnd(group: string, topic: string): Promise<void> {
    await expect
      .poll(async () => {
        const committed = await committedOffsets(broker.brokers, group, topic);
        return [...(await endOffsets(broker.brokers, topic))].filter(([number, end]) => committed.get(number) !== end);
      }, long)
      .toEqual([]);
  }

  function start(topic: string) {
    const connector = startConnector({
      arguments: ['run', '--mappings', folder],
      environment: {
        KAFKA_BROKERS: broker.brokers.join(','),
        KAFKA_TOPICS: topic,
        KAFKA_GROUP_ID: topic,
        KAFKA_FROM: 'earliest',
        KAFKA_SESSION_TIMEOUT_MS: broker.kind === 'embedded' ? '4000' : '6000',
        META_GRAPH_URL: graph,
        META_REQUEST_TIMEOUT_MS: '2000',
        META_HAND_OVER_MARGIN_MS: '500',
        META_REQUEST_ALIVE_MS: '2000',
        MAX_IN_FLIGHT_RECORDS: '1000',
        // With several requests at once nothing says which of them arrives first.
        REQUESTS_PER_LANE: '1',
      },
    });
    running.push(connector);
    return connector;
  }

  const metrics = async (connector: ConnectorProcess) => (await fetch(`${connector.opsUrl()}/metrics`)).text();

  test('the healthy one gets everything through a kill; a new token brings all that was parked, in order, before anything newer', async () => {
    const total = broker.kind === 'embedded' ? 8_000 : 40_000;
    const newer = total / 10;
    const topic = uniqueName('park');
    const parking = `${topic}.parked.parks`;
    await createTopic(broker.brokers, topic, { partitions: 4 });
    const all = Array.from({ length: Math.ceil((total + newer) * 1.05) }, (_, index) => orderRecord(topic, index));
    const records = all.filter(({ eventId }) => eventId !== undefined).slice(0, total + newer);
    const ids = records.map(({ eventId = '' }) => eventId);
    await produce(broker.brokers, topic, records.slice(0, total));
    await faults('POST', expired);

    const first = start(topic);
    await expect.poll(async () => (await idsAt(healthyPixel)).length > total / 3, long).toBe(true);
    first.kill('SIGKILL');
    await first.exited;

    const second = start(topic);
    let mostResident = 0;
    await expect
      .poll(async () => {
        mostResident = Math.max(mostResident, (await second.residentBytes()) ?? 0);
        return (await idsAt(healthyPixel)).length;
      }, long)
      .toBe(total);
    expect(await idsAt(parkedPixel)).toEqual([]);
    await expect
      .poll(async () => /parked_records\{destination="parks"\} (\d+)/.exec(await metrics(second))?.[1], long)
      .not.toBe('0');
    expect(await (await fetch(`${second.opsUrl()}/readyz`)).text()).toMatch(/\d+ deliveries of parks are parked/);
    await produce(broker.brokers, topic, records.slice(total));
    await expect.poll(async () => (await idsAt(healthyPixel)).length, long).toBe(ids.length);
    await settledToTheEnd(topic, topic);

    await faults('DELETE');
    second.kill('SIGHUP');
    await expect
      .poll(async () => {
        mostResident = Math.max(mostResident, (await second.residentBytes()) ?? 0);
        return (await idsAt(parkedPixel)).length;
      }, long)
      .toBe(ids.length);

    const accepted = await idsAt(parkedPixel);
    expect(new Set(accepted)).toEqual(new Set(ids));
    const place = new Map(accepted.map((id, index) => [id, index]));
    const lastOfUser = new Map<string, number>();
    const overtaken = records.filter(({ key, eventId = '' }) => {
      const at = place.get(eventId) ?? -1;
      const before = lastOfUser.get(key) ?? -1;
      lastOfUser.set(key, at);
      return at < before;
    });
    expect(overtaken).toEqual([]);
    await settledToTheEnd(topic, parking);
    expect(await readAll(broker.brokers, `${topic}.dead-letters`)).toEqual([]);
    await expect.poll(() => metrics(second), long).toMatch(/parked_records\{destination="parks"\} 0/);
    expect(mostResident).toBeLessThan(400 * 1024 * 1024);
    console.log(
      `${total} events beside a blocked lane: ${Math.round(mostResident / 1024 / 1024)} MiB resident at most`,
    );
    await second.ready();
    second.kill('SIGTERM');
    expect(await second.exited).toBe(0);
  }, 400_000);

  test('changes of a blocked audience are parked, those of another one go on, and in the end each holds whom it must', async () => {
    const topic = uniqueName('park-members');
    await createTopic(broker.brokers, topic, { partitions: 4 });
    const destination = {
      name: 'parks',
      settings: {
        ad_account_id: '77',
        access_token: { $env: 'META_ACCESS_TOKEN' },
        batch: { linger_ms: 100 },
        on_blocked: 'park',
      },
      subscriptions: [
        { name: 'Shut', action: 'sync-audience', mapping: { audience_id: shutAudience } },
        { name: 'Open', action: 'sync-audience', mapping: { audience_id: openAudience } },
      ],
    };
    writeFileSync(join(folder, 'parks.json'), JSON.stringify(destination));
    const users = Array.from({ length: 100 }, (_, index) => `user-${index}`);
    const joins = (user: string, round: number) => (Number(user.slice(5)) * 7 + round * 3) % 5 < 2;
    const round = (number: number) =>
      users.map((user) => ({ key: user, value: JSON.stringify(membership(user, joins(user, number), number)) }));
    const rounds = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => round(from + index)).flat();
    const expected = (number: number) => users.filter((user) => joins(user, number)).sort();
    const shut = (path: string) => ({ kind: 'token_expired', match: { path } });
    await faults('POST', shut(`${shutAudience}/users`));

    await produce(broker.brokers, topic, rounds(0, 60));
    const first = start(topic);
    await expect.poll(() => membersOf(openAudience), long).toEqual(expected(59));
    await settledToTheEnd(topic, topic);
    first.kill('SIGKILL');
    await first.exited;

    const second = start(topic);
    await produce(broker.brokers, topic, rounds(60, 70));
    await expect.poll(() => second.log(), long).toContain('a lane is blocked');
    expect(await membersOf(shutAudience)).toEqual([]);
    await faults('DELETE');
    second.kill('SIGHUP');
    await produce(broker.brokers, topic, rounds(70, 74));
    await settledToTheEnd(topic, `${topic}.parked.parks`);
    await settledToTheEnd(topic, topic);
    await expect.poll(() => membersOf(shutAudience), long).toEqual(expected(73));
    expect(await membersOf(openAudience)).toEqual(expected(73));
    expect(await readAll(broker.brokers, `${topic}.dead-letters`)).toEqual([]);
    second.kill('SIGTERM');
    expect(await second.exited).toBe(0);
  }, 400_000);

  test('a file has no topics to park in: the program says so and ends with 2', async () => {
    const file = join(folder, 'orders.ndjson');
    writeFileSync(file, '');
    const { code, stderr } = await runProgram(['run', '--once', '--source', `file:${file}`, '--mappings', folder], {
      environment: { META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'x' },
    });
    expect(stderr).toMatch(/on_blocked is park in destination parks.*use hold or dead_letter.*\[PARKING_NEEDS_KAFKA\]/);
    expect(code).toBe(2);
  });
});
