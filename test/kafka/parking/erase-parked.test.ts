import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { soughtPerson } from '../../../src/erasure/people.ts';
import { eraseParked, parkingTopicsOf } from '../../../src/kafka/parking/erase-parked.ts';
import { messageOfParked, parkedBy } from '../../../src/kafka/parking/parked-message.ts';
import { createPersonMatcher } from '../../../src/people/person-matcher.ts';
import {
  asAdmin,
  brokerForTests,
  committedOffsets,
  createTopic,
  endOffsets,
  produce,
  readAll,
  type TestBroker,
  testClient,
  uniqueName,
} from '../../support/kafka-broker.ts';
import { onApacheKafka } from '../../support/needs.ts';
import { letters, people, personIn } from '../../support/people-to-erase.ts';

let broker: TestBroker;

beforeAll(async () => {
  broker = await brokerForTests();
});
afterAll(() => broker?.stop());

const sought = people.map(({ email, phone, id }) => soughtPerson({ em: email, ph: phone, external_id: id }, ['de']));
const matcher = createPersonMatcher(sought, { readOther: () => undefined, countries: ['de'] });
const search = {
  prepare: () => undefined,
  concerns: (parked: Parameters<typeof matcher>[0]) => matcher(parked).size > 0,
};

/** The first 30 records parked in partition 0, of which the first nine were delivered: 20 are about people, six of the delivered. */
async function parked() {
  const [host, group] = [uniqueName('shop'), uniqueName('group')];
  const topic = `${host}.parked.crm`;
  await createTopic(broker.brokers, host, { partitions: 2 });
  await createTopic(broker.brokers, topic, { partitions: 2 });
  const messages = letters.slice(0, 30).map(({ record }) => ({
    ...messageOfParked({ record, destination: 'crm', subscription: 'Orders' }, group),
    partition: 0,
  }));
  await produce(broker.brokers, topic, messages);
  await asAdmin(broker.brokers, (admin) =>
    admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '9' }] }),
  );
  const config = { brokers: broker.brokers, clientId: 'tests', groupId: group, topics: [host], excludedTopics: [] };
  return { topic, config, group };
}

/** Positions in the source of what waits for the group, in its order. */
async function waiting(topic: string, group: string): Promise<readonly number[]> {
  const from = (await committedOffsets(broker.brokers, group, topic)).get(0) ?? 0;
  const read = (await readAll(broker.brokers, topic)).filter(({ offset }) => offset >= from);
  return read.flatMap((message) => {
    const record = { ...message, topic, next: message.offset + 1 };
    return parkedBy(record)?.record.offset ?? [];
  });
}

describe('an erasure among parked records', onApacheKafka, () => {
  it('takes people out, keeps what waits of others in its order, and moves the group there', async () => {
    const { topic, config, group } = await parked();
    expect(await parkingTopicsOf(config)).toEqual([topic]);
    expect(await eraseParked(config, topic, search)).toEqual({ read: 30, removed: 20 });
    const strangersWaiting = [11, 14, 17, 20, 23, 26, 29];
    expect(await waiting(topic, group)).toEqual(strangersWaiting);
    const left = await readAll(broker.brokers, topic);
    expect(left).toHaveLength(strangersWaiting.length);
    expect(personIn(left.map(({ key, value }) => `${key}\n${value}`).join('\n'))).toBeUndefined();
    expect(await eraseParked(config, topic, search)).toEqual({ read: 7, removed: 0 });
  });

  it('changes nothing while a connector reads them', async () => {
    const { topic, config, group } = await parked();
    const ends = await endOffsets(broker.brokers, topic);
    const consumer = testClient(broker.brokers).consumer({ groupId: group });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.connect();
    await consumer.subscribe({ topics: [topic] });
    await consumer.run({ autoCommit: false, eachBatch: async () => undefined });
    await joined;
    await expect(eraseParked(config, topic, search)).rejects.toMatchObject({ code: 'ERASURE_GROUP_RUNNING' });
    await consumer.disconnect();
    expect(await endOffsets(broker.brokers, topic)).toEqual(ends);
    expect(await readAll(broker.brokers, topic)).toHaveLength(30);
  });
});
