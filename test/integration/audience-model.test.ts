import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { audienceMappings } from '../support/audience-mappings.ts';
import { type ConnectorProcess, startConnector } from '../support/connector-process.ts';
import {
  brokerForTests,
  committedOffsets,
  createTopic,
  produce,
  readAll,
  type TestBroker,
  uniqueName,
} from '../support/kafka-broker.ts';
import { isOnApacheKafka } from '../support/needs.ts';
import { seeded } from '../support/seeded.ts';

/** The embedded broker keeps 5 MiB a partition, and is there for the way, not for the load. */

const count = isOnApacheKafka ? 20_000 : 3_000;
const users = isOnApacheKafka ? 500 : 200;
/** `MODEL_SEEDS=1,2,3` runs others. */
const seeds = (process.env['MODEL_SEEDS'] ?? (isOnApacheKafka ? '42' : '7')).split(',').map(Number);
const audienceKeys = ['gold', 'silver'];

interface Membership {
  readonly user: string;
  readonly audience: string;
  readonly joins: boolean;
}

function memberships(random: () => number): readonly Membership[] {
  return Array.from({ length: count }, () => ({
    user: `user-${Math.floor(random() * users)}`,
    audience: audienceKeys[Math.floor(random() * audienceKeys.length)] ?? '',
    joins: random() < 0.5,
  }));
}

/** As Engage sends it: half of the users are known by their e-mail alone. */
function eventOf({ user, audience, joins }: Membership, index: number) {
  const byMail = Number(user.slice(5)) % 2 === 0;
  return {
    type: 'identify',
    messageId: `m-${index}`,
    ...(byMail ? {} : { userId: user }),
    traits: { email: `${user}@shop.example`, [audience]: joins },
    context: { personas: { computation_key: audience } },
  };
}

function nameAtMeta(user: string): string {
  if (Number(user.slice(5)) % 2 !== 0) return user;
  return createHash('sha256').update(`${user}@shop.example`).digest('hex');
}

function expectedMembers(changes: readonly Membership[], audience: string): readonly string[] {
  const last = new Map(changes.filter((one) => one.audience === audience).map((one) => [one.user, one.joins]));
  return [...last].flatMap(([user, joins]) => (joins ? [nameAtMeta(user)] : [])).sort();
}

describe(`${count} joins and leaves of ${users} users, with faults, killed twice on the way`, () => {
  let broker: TestBroker;
  let sandbox: Sandbox;
  let graph: string;

  beforeAll(async () => {
    broker = await brokerForTests();
  });
  beforeEach(async () => {
    sandbox = createSandbox({ audiences: [{ id: '120211', accountId: '77', name: 'gold' }] });
    graph = await sandbox.listen();
  });
  afterEach(() => sandbox.close());
  afterAll(() => broker?.stop());

  test.each(seeds)(
    'seed %i: each audience holds exactly the users that the last event of each says',
    async (seed) => {
      const topic = uniqueName('members');
      const group = uniqueName('group');
      await createTopic(broker.brokers, topic, { partitions: 6 });
      const changes = memberships(seeded(seed));
      const mappings = audienceMappings({ batch: { linger_ms: 20 } });
      const start = () =>
        startConnector({
          arguments: ['run', '--mappings', mappings],
          environment: {
            KAFKA_BROKERS: broker.brokers.join(','),
            KAFKA_TOPICS: topic,
            KAFKA_GROUP_ID: group,
            KAFKA_FROM: 'earliest',
            KAFKA_SESSION_TIMEOUT_MS: broker.kind === 'embedded' ? '4000' : '6000',
            META_GRAPH_URL: graph,
            // What hangs is applied between its time-out and the end of its life.
            META_REQUEST_TIMEOUT_MS: '1000',
            META_REQUEST_ALIVE_MS: '2500',
            META_HAND_OVER_MARGIN_MS: '1000',
            META_THROTTLE_PAUSE_MS: '300',
          },
        });
      const match = { path: '/users' };
      await addFault({ kind: 'error_500', probability: 0.08, match });
      await addFault({ kind: 'throttle', code: 80003, probability: 0.05, match });
      await addFault({ kind: 'reset_after', probability: 0.01, match });
      await addFault({ kind: 'events_received', value: 1, probability: 0.01, match });
      await addFault({ kind: 'hang_then_apply', millis: 1_500, probability: 0.01, match });
      let connector = start();
      await connector.ready();
      // Little by little: what comes at once goes in one flush, and there should be many.
      const portions = isOnApacheKafka ? 200 : 60;
      const portion = Math.ceil(count / portions);
      const kills = [Math.floor(portions / 3), Math.floor((2 * portions) / 3)];
      for (let at = 0, part = 1; at < changes.length; at += portion, part += 1) {
        const messages = changes.slice(at, at + portion).flatMap((change, index) => {
          const message = { key: change.user, value: JSON.stringify(eventOf(change, at + index)) };
          // A producer that retries sends some twice.
          return index % 10 === 0 ? [message, message] : [message];
        });
        const before = sandbox.state.summary().requests.total;
        await produce(broker.brokers, topic, messages);
        await sleep(80);
        if (kills.includes(part)) {
          await until(() => sandbox.state.summary().requests.total > before, connector);
          connector.kill('SIGKILL');
          expect(await connector.exited).toBe(null);
          connector = start();
          await connector.ready();
        }
      }
      const ends = new Map<number, number>();
      for (const { partition, offset } of await readAll(broker.brokers, topic)) ends.set(partition, offset + 1);
      await until(async () => {
        const committed = await committedOffsets(broker.brokers, group, topic);
        return [...ends].every(([partition, end]) => committed.get(partition) === end);
      }, connector);

      for (const name of audienceKeys) {
        const audiences = sandbox.state.audiences().filter((one) => one.name === name);
        expect(audiences, name).toHaveLength(1);
        const members = [...sandbox.state.members(audiences[0]?.id ?? '')].sort();
        expect(members, name).toEqual(expectedMembers(changes, name));
      }
      console.log(
        `seed ${seed}: ${sandbox.state.summary().requests.total} requests, ${await faultsMet()} of them with a fault`,
      );
      if (isOnApacheKafka) expect(await faultsMet()).toBeGreaterThan(3);
      expect(await readAll(broker.brokers, `${topic}.dead-letters`)).toEqual([]);
      connector.kill('SIGTERM');
      expect(await connector.exited).toBe(0);
      expect(connector.log()).not.toContain('@shop.example');
    },
    300_000,
  );

  async function faultsMet(): Promise<number> {
    const listed = (await fetch(`${graph}/_sandbox/faults`).then((answer) => answer.json())) as {
      readonly faults: readonly { readonly applied: number }[];
    };
    return listed.faults.reduce((sum, { applied }) => sum + applied, 0);
  }

  async function addFault(fault: object): Promise<void> {
    const answer = await fetch(`${graph}/_sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
    expect(answer.ok).toBe(true);
  }
});

async function until(condition: () => boolean | Promise<boolean>, connector: ConnectorProcess): Promise<void> {
  while (!(await condition())) {
    const ended = await Promise.race([connector.exited, sleep(100, 'running')]);
    if (ended !== 'running') throw new Error(`the connector ended with ${ended}:\n${connector.log()}`);
  }
}
