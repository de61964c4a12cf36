import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { DeadLetter } from '../../../src/core/dead-letter.ts';
import { deadLetterKey } from '../../../src/core/dead-letter-key.ts';
import type { DeadLetterSearch } from '../../../src/core/erased-dead-letter.ts';
import { soughtPerson } from '../../../src/erasure/people.ts';
import { createKafkaDeadLetterArchive } from '../../../src/kafka/dead-letters/dead-letter-archive.ts';
import { createKafkaDeadLetters } from '../../../src/kafka/dead-letters/dead-letters.ts';
import { eraseFromTopic } from '../../../src/kafka/dead-letters/erase-dead-letters.ts';
import { withPersonKeys } from '../../../src/people/person-keys.ts';
import { createPersonMatcher } from '../../../src/people/person-matcher.ts';
import {
  asAdmin,
  brokerForTests,
  createTopic,
  embeddedBroker,
  readAll,
  type TestBroker,
  uniqueName,
} from '../../support/kafka-broker.ts';
import { onApacheKafka } from '../../support/needs.ts';
import { eventAbout, letterAbout, letters, people, personIn } from '../../support/people-to-erase.ts';

let broker: TestBroker;

beforeAll(async () => {
  broker = await brokerForTests();
});
afterAll(() => broker?.stop());

const countries = ['de'];
const readOther = () => undefined;
const sought = people.map(({ email, phone, id }) => soughtPerson({ em: email, ph: phone, external_id: id }, countries));
const matcher = createPersonMatcher(sought, { readOther, countries });

/** `onLetter` hears of each letter that is looked at, first those of the search. */
function searching(onLetter: () => void = () => undefined): DeadLetterSearch {
  return {
    prepare: () => undefined,
    concerns: (letter) => {
      onLetter();
      return matcher(letter).size > 0;
    },
  };
}

async function write(
  topic: string,
  list: readonly DeadLetter[],
  { brokers }: Pick<TestBroker, 'brokers'> = broker,
): Promise<void> {
  const config = { brokers, clientId: 'tests', topic };
  const queue = withPersonKeys(createKafkaDeadLetters(config, { warn: () => undefined }), {
    readOther,
    countries: () => countries,
  });
  await queue.open();
  await queue.write(list);
  await queue.close();
}

/** Longer ones are refused. */
function limitMessages(name: string, bytes: string): Promise<unknown> {
  const configEntries = [{ name: 'max.message.bytes', value: bytes }];
  return asAdmin(broker.brokers, (admin) =>
    admin.alterConfigs({ validateOnly: false, resources: [{ type: 2, name, configEntries }] }),
  );
}

/** A topic of three partitions with the letters, half of which are marked as replayed. */
async function topicOfLetters({ brokers }: Pick<TestBroker, 'brokers'> = broker) {
  const topic = uniqueName('letters');
  await createTopic(brokers, topic, { partitions: 3 });
  await write(topic, letters, { brokers });
  const config = { brokers, clientId: 'tests', topic, groupId: uniqueName('group') };
  const archive = createKafkaDeadLetterArchive(config);
  await archive.markReplayed(
    letters.slice(0, 150).map((letter) => ({ key: deadLetterKey(letter), outcome: 'done' as const })),
  );
  return { topic, config, archive };
}

const everything = (messages: Awaited<ReturnType<typeof readAll>>) =>
  messages
    .map(({ key, value, headers }) => [key, value, ...Object.entries(headers ?? {}).flat()].join('\n'))
    .join('\n');

async function lettersOf(archive: ReturnType<typeof createKafkaDeadLetterArchive>) {
  const found: DeadLetter[] = [];
  for await (const letter of archive.deadLetters()) found.push(letter);
  return found.sort((a, b) => a.record.offset - b.record.offset);
}

describe('an erasure in a topic', onApacheKafka, () => {
  it('empties 200 letters of 1,000 people, and leaves 100 others byte for byte', async () => {
    const { topic, config, archive } = await topicOfLetters();
    const before = await lettersOf(archive);
    expect(await eraseFromTopic(config, searching())).toEqual({ read: 300, erased: 200, replayedKeys: 100 });
    const messages = await readAll(broker.brokers, topic);
    expect(messages).toHaveLength(300);
    expect(personIn(everything(messages))).toBeUndefined();
    expect(everything(messages)).not.toMatch(/m-0\b/);
    const after = await lettersOf(archive);
    for (const [offset, letter] of after.entries()) {
      if (offset % 3 === 2) expect(letter).toEqual(before[offset]);
      else {
        expect([letter.record.offset, letter.failure.code, letter.at]).toEqual([
          offset,
          'FIELD_MISSING',
          before[offset]?.at,
        ]);
        expect([letter.record.key, letter.record.value, letter.people, letter.eventId]).toEqual([
          null,
          null,
          undefined,
          undefined,
        ]);
      }
    }
    const kept = letters.slice(0, 150).filter((_, offset) => offset % 3 === 2);
    expect(await archive.replayedKeys()).toEqual(new Set(kept.map(deadLetterKey)));
    await archive.close();
    expect(await eraseFromTopic(config, searching())).toEqual({ read: 300, erased: 0, replayedKeys: 0 });
  });

  it('empties what comes while it works, and keeps what others write', async () => {
    const { config, archive, topic } = await topicOfLetters();
    let looked = 0;
    let writing: Promise<void> | undefined;
    const search = searching(() => {
      looked += 1;
      if (looked === 301) {
        const stranger = letterAbout({ type: 'track', userId: 'somebody-new' }, 1001);
        writing = write(topic, [letterAbout(eventAbout(1), 1000), stranger]);
      }
    });
    const { erased } = await eraseFromTopic(config, search);
    await writing;
    const last = await eraseFromTopic(config, searching());
    expect(erased + last.erased).toBe(201);
    expect(personIn(everything(await readAll(broker.brokers, topic)))).toBeUndefined();
    expect((await lettersOf(archive)).map(({ record }) => record.offset).slice(-2)).toEqual([1000, 1001]);
    await archive.close();
  });

  it('says what is not done when a write fails in the midst, loses nothing, and ends it the next time', async () => {
    const { topic, config, archive } = await topicOfLetters();
    const before = await lettersOf(archive);
    const takes = (bytes: string, name = topic) => limitMessages(name, bytes);
    await takes('20', `${topic}.replayed`);
    await expect(eraseFromTopic(config, searching())).rejects.toMatchObject({
      code: 'ERASURE_INCOMPLETE',
      message: expect.stringMatching(/0 letters are emptied; .*don't replay before it is done. Run it again/),
    });
    await takes('1048588', `${topic}.replayed`);
    await takes('200');
    await expect(eraseFromTopic(config, searching())).rejects.toMatchObject({
      code: 'ERASURE_INCOMPLETE',
      message: expect.stringMatching(/none of its letters is emptied.*Run it again/),
    });
    expect(await lettersOf(archive)).toEqual(before);
    await takes('1048588');
    expect(await eraseFromTopic(config, searching())).toMatchObject({ erased: 200 });
    expect(await readAll(broker.brokers, topic)).toHaveLength(300);
    await archive.close();
  });

  it('names a topic that is not there', async () => {
    const config = { brokers: broker.brokers, clientId: 'tests', topic: uniqueName('absent'), groupId: 'g' };
    await expect(eraseFromTopic(config, searching())).rejects.toMatchObject({ code: 'DEAD_LETTER_TOPIC' });
  });
});

// The embedded one, whatever the suites run on.
it('changes nothing where the broker can not delete records, and says so', async () => {
  const embedded = await embeddedBroker();
  onTestFinished(embedded.stop);
  const brokers = embedded.brokers.split(',');
  const { topic, config, archive } = await topicOfLetters({ brokers });
  const before = everything(await readAll(brokers, topic));
  await expect(eraseFromTopic(config, searching())).rejects.toMatchObject({ code: 'ERASURE_NOT_DELETED' });
  expect(everything(await readAll(brokers, topic))).toBe(before);
  await archive.close();
});
