import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createKafkaDeadLetters } from '../../src/kafka/dead-letters/dead-letters.ts';
import { createSandbox } from '../../src/sandbox/server.ts';
import { brokerForTests, createTopic, readAll, uniqueName } from '../support/kafka-broker.ts';
import { onApacheKafka } from '../support/needs.ts';
import { fillAudiences, letters, peopleFile, personIn, strangers } from '../support/people-to-erase.ts';
import { runProgram } from '../support/program.ts';

const audiences = ['1', '2', '3', '4', '5'];

it(
  'erases 1,000 people from five audiences and from 200 letters of a topic, by one command',
  onApacheKafka,
  async () => {
    const { brokers } = await brokerForTests();
    const sandbox = createSandbox({ audiences: audiences.map((id) => ({ id, accountId: '77', name: `list ${id}` })) });
    onTestFinished(() => sandbox.close());
    const graph = await sandbox.listen();
    await fillAudiences(graph, '77', audiences);
    const topic = uniqueName('shop');
    await createTopic(brokers, topic, { partitions: 2 });
    const deadLetters = `${topic}.dead-letters`;
    const queue = createKafkaDeadLetters(
      { brokers, clientId: 'tests', topic: deadLetters, partitions: 2 },
      { warn: () => undefined },
    );
    await queue.open();
    await queue.write(letters);
    await queue.close();
    const folder = mkdtempSync(join(tmpdir(), 'erase-'));
    const [mappings, csv] = [join(folder, 'crm.json'), join(folder, 'people.csv')];
    writeFileSync(csv, peopleFile);
    const settings = { ad_account_id: '77', default_country: 'DE', access_token: { $env: 'META_ACCESS_TOKEN' } };
    const subscriptions = [{ name: 'Members', action: 'sync-audience', mapping: { audience_id: '1' } }];
    writeFileSync(mappings, JSON.stringify({ name: 'crm', settings, subscriptions }));
    const environment = {
      ...{ META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'token-of-77' },
      ...{ KAFKA_BROKERS: brokers.join(','), KAFKA_TOPICS: topic, KAFKA_GROUP_ID: uniqueName('group') },
    };
    const { code, stdout } = await runProgram(['erase', '--mappings', mappings, '--file', csv, '--json'], {
      environment,
    });
    expect(JSON.parse(stdout)).toMatchObject({
      complete: true,
      places: [{ place: `topic:${deadLetters}`, read: 300, erased: 200 }],
      meta: [{ taken: { EXTERN_ID: 1000, EMAIL: 1000, PHONE: 1000 } }],
    });
    expect(code).toBe(0);
    for (const id of audiences) expect([...sandbox.state.members(id)].sort(), id).toEqual([...strangers].sort());
    const left = await readAll(brokers, deadLetters);
    expect(left).toHaveLength(300);
    const texts = left.map(({ key, value, headers }) => [key, value, ...Object.values(headers)].join('\n'));
    expect(personIn(texts.join('\n'))).toBeUndefined();
  },
);
