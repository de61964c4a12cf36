import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMembers, type Members } from '../../../src/api/members/members.ts';
import type { Member } from '../../../src/api/members/announced-member.ts';
import { createKafkaMembersTopic } from '../../../src/kafka/members/members-topic.ts';
import { brokerForTests, produce, type TestBroker, uniqueName } from '../../support/kafka-broker.ts';

let broker: TestBroker;
let topic: string;

beforeAll(async () => {
  broker = await brokerForTests();
  topic = uniqueName('group.members');
});
afterAll(() => broker?.stop());

const member = (id: string): Member => ({
  ...{ id, host: 'host', name: id, startedAt: 1, version: '1.0.0', seenAt: 0, state: 'well', self: true },
  ...{ destinations: ['shop'], partitions: ['events/0'] },
});

const topicOf = () => createKafkaMembersTopic({ brokers: broker.brokers, clientId: 'tests', topic });

function started(id: string): Members {
  const members = createMembers({ topic: topicOf(), now: Date.now, warn: () => undefined });
  members.start(() => member(id));
  return members;
}

const namesIn = async (members: Members) => (await members.others()).map(({ id }) => id);

it('members of a group find each other in their topic, which the first makes, and one that stops is gone at once', async () => {
  const first = started('first');
  const second = started('second');
  await expect.poll(() => namesIn(first)).toEqual(['second']);
  await expect.poll(() => namesIn(second)).toEqual(['first']);
  await produce(broker.brokers, topic, [
    { key: 'somebody', value: 'else' },
    { key: 'big', value: JSON.stringify({ ...member('big'), more: 'x'.repeat(40_000) }) },
  ]);
  const third = started('third');
  await expect.poll(() => namesIn(third)).toEqual(['first', 'second']);
  await second.close();
  await expect.poll(() => namesIn(first)).toEqual(['third']);
  // Whoever comes later hears of the one that has gone, and that it has.
  const last = started('last');
  await expect.poll(() => namesIn(last)).toEqual(['first', 'third']);
  await Promise.all([first, third, last].map((each) => each.close()));
});
