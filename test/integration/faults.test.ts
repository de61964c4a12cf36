import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { type ConnectorProcess, purchaseMappings, startConnector } from '../support/connector-process.ts';
import {
  brokerForTests,
  committedOffsets,
  createTopic,
  produce,
  readAll,
  type TestBroker,
  testClient,
  uniqueName,
} from '../support/kafka-broker.ts';
import { type OrderRecord, orderRecord } from '../support/orders.ts';

/** The embedded broker is there for the way, not for the load. */
const external = process.env['KAFKA_BROKERS'] !== undefined;
const count = external ? 20_000 : 400;

interface Trouble {
  readonly name: string;
  /** How the sandbox misbehaves, beginning while events flow. */
  readonly fault?: Readonly<Record<string, unknown>>;
  readonly down?: { readonly seconds: number };
  /** Meta may have taken what the connector holds for failed: it is sent again, with the same event_id. */
  readonly ambiguous?: true;
  /** What happens to the process meanwhile. */
  readonly connector?: (process: ConnectorProcess, restart: () => ConnectorProcess) => Promise<void>;
}

const sandboxTroubles: readonly Trouble[] = [
  { name: 'is down for two seconds', down: { seconds: 2 }, ambiguous: true },
  { name: 'is slow', fault: { kind: 'latency', millis: 700, times: 8 } },
  { name: 'hangs', fault: { kind: 'hang', times: 2 } },
  {
    name: 'hangs and takes the events after all',
    fault: { kind: 'hang_then_apply', millis: 2500, times: 2 },
    ambiguous: true,
  },
  { name: 'resets before accepting', fault: { kind: 'reset_before', times: 3 } },
  { name: 'resets after accepting', fault: { kind: 'reset_after', times: 2 }, ambiguous: true },
  { name: 'cuts its answer off', fault: { kind: 'invalid_json', times: 2 }, ambiguous: true },
  { name: 'answers nothing', fault: { kind: 'empty_body', times: 2 }, ambiguous: true },
  { name: 'counts fewer events than it got', fault: { kind: 'events_received', value: 1, times: 1 }, ambiguous: true },
  // Meta names whole minutes.
  ...(external ? [{ name: 'throttles', fault: { kind: 'throttle', code: 80004, regainMinutes: 1, times: 1 } }] : []),
  { name: 'says that the token has expired, for a while', fault: { kind: 'token_expired', seconds: 3 } },
  { name: 'answers with the HTML of a gateway', fault: { kind: 'html_502', times: 3 } },
  { name: 'answers 500', fault: { kind: 'error_500', times: 3 } },
  { name: 'answers in another language', fault: { kind: 'localized', locale: 'da', times: 5 } },
];

describe(`from Kafka to Meta, ${count} events each`, () => {
  let broker: TestBroker;
  let sandbox: Sandbox;
  let graph: string;
  const results: string[] = [];

  beforeAll(async () => {
    broker = await brokerForTests();
    sandbox = createSandbox();
    graph = await sandbox.listen();
  }, 120_000);

  afterAll(async () => {
    console.log(results.join('\n'));
    await sandbox.close();
    await broker.stop();
  });

  function start(topic: string): ConnectorProcess {
    return startConnector({
      arguments: ['run', '--mappings', purchaseMappings({ batch: { max_events: external ? 1000 : 50 } })],
      environment: {
        KAFKA_BROKERS: broker.brokers.join(','),
        KAFKA_TOPICS: topic,
        KAFKA_GROUP_ID: topic,
        KAFKA_FROM: 'earliest',
        KAFKA_SESSION_TIMEOUT_MS: broker.kind === 'embedded' ? '4000' : '6000',
        META_GRAPH_URL: graph,
        META_REQUEST_TIMEOUT_MS: '1500',
      },
    });
  }

  const tell = (path: string, body?: object) =>
    fetch(`${graph}/_sandbox/${path}`, {
      method: body === undefined ? 'DELETE' : 'POST',
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });

  async function produceSome(topic: string, from: number, to: number): Promise<readonly OrderRecord[]> {
    const records = Array.from({ length: to - from }, (_, index) => orderRecord(topic, from + index));
    for (let at = 0; at < records.length; at += 500) await produce(broker.brokers, topic, records.slice(at, at + 500));
    return records;
  }

  async function endsOf(topic: string): Promise<ReadonlyMap<number, number>> {
    const admin = testClient(broker.brokers).admin();
    await admin.connect();
    const ranges = await admin.fetchTopicOffsets(topic).finally(() => admin.disconnect());
    return new Map(ranges.map(({ partition, high }) => [partition, Number(high)]));
  }

  /** What is invalid is a letter; one may be written twice, after a kill. */
  async function checkLetters(topic: string, records: readonly OrderRecord[]): Promise<void> {
    const letters = await readAll(broker.brokers, `${topic}.dead-letters`);
    const places = letters.map(
      ({ headers }) => `${headers['meta-actions.partition']}/${headers['meta-actions.offset']}`,
    );
    expect(new Set(places).size).toBe(records.filter(({ code }) => code !== undefined).length);
  }

  /** Everything that must arrive has, and every offset is committed; none ever beyond the end. */
  async function check(
    name: string,
    topic: string,
    records: readonly OrderRecord[],
    connector: () => ConnectorProcess,
  ) {
    const startedAt = Date.now();
    const ends = await endsOf(topic);
    const isCommitted = async () => {
      const committed = await committedOffsets(broker.brokers, topic, topic);
      for (const [partition, offset] of committed) expect(offset).toBeLessThanOrEqual(ends.get(partition) ?? 0);
      return [...ends].every(([partition, end]) => committed.get(partition) === end);
    };
    while (!(await isCommitted())) {
      const ended = await Promise.race([connector().exited, sleep(100, 'running')]);
      if (ended !== 'running') throw new Error(`the connector ended with ${ended}:\n${connector().log()}`);
    }
    const ids = records.flatMap(({ eventId }) => eventId ?? []);
    const times = ids.map((id) => sandbox.state.received(id));
    const lost = ids.filter((_, index) => times[index] === 0);
    const twice = times.filter((one) => one > 1).length;
    results.push(
      `${name}: ${ids.length} events, ${lost.length} lost, ${twice} sent more than once, settled in ${Date.now() - startedAt} ms`,
    );
    expect(lost).toEqual([]);
    return twice;
  }

  describe('the sandbox', () => {
    const topic = uniqueName('faults');
    let connector: ConnectorProcess;
    let produced = 0;

    beforeAll(async () => {
      await createTopic(broker.brokers, topic, { partitions: 4 });
      connector = start(topic);
      await connector.ready();
    }, 60_000);
    afterAll(async () => {
      await checkLetters(topic, all);
      connector.kill('SIGTERM');
      expect(await connector.exited).toBe(0);
    });

    let all: readonly OrderRecord[] = [];
    test.each(sandboxTroubles)(
      '$name: nothing is lost, every offset is committed',
      async ({ name, fault, down, ambiguous }) => {
        const before = new Set(
          all.flatMap(({ eventId }) => eventId ?? []).filter((id) => sandbox.state.received(id) > 1),
        );
        if (fault !== undefined) await tell('faults', { ...fault, after: 1 });
        const half = produceSome(topic, produced, produced + count / 2);
        if (down !== undefined) await tell('down', down);
        const records = [...(await half), ...(await produceSome(topic, produced + count / 2, produced + count))];
        produced += count;
        all = [...all, ...records];
        await check(name, topic, all, () => connector);
        await tell('faults');
        // What still hangs is taken in this stage, so that the next one doesn't count it as its own.
        if (fault?.['kind'] === 'hang_then_apply') await sleep(Number(fault['millis']));
        const again = all.flatMap(({ eventId }) => eventId ?? []).filter((id) => sandbox.state.received(id) > 1);
        if (ambiguous === undefined) expect(again.filter((id) => !before.has(id))).toEqual([]);
      },
      external ? 300_000 : 90_000,
    );
  });

  const processTroubles: readonly Trouble[] = [
    {
      name: 'killed',
      async connector(process, restart) {
        process.kill('SIGKILL');
        await process.exited;
        restart();
      },
    },
    {
      name: 'asked to end, twice started again',
      async connector(process, restart) {
        for (let round = 0, running = process; round < 2; round++) {
          running.kill('SIGTERM');
          expect(await running.exited).toBe(0);
          running = restart();
          await running.ready();
        }
      },
    },
    {
      name: 'stopped for longer than its session',
      async connector(process) {
        process.kill('SIGSTOP');
        await sleep(external ? 9000 : 6000);
        process.kill('SIGCONT');
      },
    },
  ];

  test.each(processTroubles)(
    'the connector $name: nothing is lost, every offset is committed',
    async ({ name, connector: happen }) => {
      const topic = uniqueName('process');
      await createTopic(broker.brokers, topic, { partitions: 4 });
      let connector = start(topic);
      await connector.ready();
      await tell('faults', { kind: 'latency', millis: 200 });
      const first = await produceSome(topic, 0, count / 2);
      const arrived = () => first.filter(({ eventId }) => eventId !== undefined && sandbox.state.received(eventId) > 0);
      while (arrived().length < count / 8) await sleep(20);
      await happen?.(connector, () => {
        connector = start(topic);
        return connector;
      });
      await tell('faults');
      const second = await produceSome(topic, count / 2, count);
      const twice = await check(`the connector ${name}`, topic, [...first, ...second], () => connector);
      await checkLetters(topic, [...first, ...second]);
      // A clean end leaves nothing in flight.
      if (name.startsWith('asked')) expect(twice).toBe(0);
      connector.kill('SIGTERM');
      expect(await connector.exited).toBe(0);
    },
    external ? 300_000 : 120_000,
  );
});
