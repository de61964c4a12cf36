import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { deadLetterKey } from '../../../src/core/dead-letter-key.ts';
import { soughtPerson } from '../../../src/erasure/people.ts';
import { createKafkaDeadLetterArchive } from '../../../src/kafka/dead-letters/dead-letter-archive.ts';
import { createKafkaDeadLetters } from '../../../src/kafka/dead-letters/dead-letters.ts';
import { eraseFromTopic } from '../../../src/kafka/dead-letters/erase-dead-letters.ts';
import { createPersonMatcher } from '../../../src/people/person-matcher.ts';
import { createTopic, readAll } from '../../support/kafka-broker.ts';
import { onApacheKafka } from '../../support/needs.ts';
import { letters, people, personIn } from '../../support/people-to-erase.ts';

const script = resolve(import.meta.dirname, '../../../scripts/kafka.sh');

/** One of the test's own. It blocks this process while it ends or starts, so that nothing goes on meanwhile. */
function startOwnBroker() {
  const home = join(mkdtempSync(join(tmpdir(), 'erase-broken-off-')), 'kafka');
  const kafka = (...command: string[]) =>
    execFileSync('bash', [script, ...command, '--dir', home], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  const start = () => kafka('start').trim().split('\n').at(-1)?.replace('KAFKA_BROKERS=', '').split(',') ?? [];
  onTestFinished(() => void kafka('stop'));
  return { brokers: start(), start, kill: () => kafka('kill') };
}

it(
  'says what is not done when the broker is gone in the midst, loses nothing, and ends it the next time',
  onApacheKafka,
  async () => {
    const { brokers, start, kill } = startOwnBroker();
    const countries = ['de'];
    const matcher = createPersonMatcher(
      people.map(({ email, phone, id }) => soughtPerson({ em: email, ph: phone, external_id: id }, countries)),
      { readOther: () => undefined, countries },
    );
    const topic = 'letters';
    const config = { brokers, clientId: 'tests', topic, groupId: 'erasing' };
    await createTopic(brokers, topic, { partitions: 3 });
    const queue = createKafkaDeadLetters(config, { warn: () => undefined });
    await queue.open();
    await queue.write(letters);
    await queue.close();
    const archive = createKafkaDeadLetterArchive(config);
    await archive.markReplayed(
      letters.slice(0, 150).map((letter) => ({ key: deadLetterKey(letter), outcome: 'done' as const })),
    );
    await archive.close();

    let looked = 0;
    const search = (killAt: number) => ({
      prepare: () => undefined,
      concerns(letter: Parameters<typeof matcher>[0]) {
        looked += 1;
        if (looked === killAt) kill();
        return matcher(letter).size > 0;
      },
    });
    // Behind the search, when the second of three partitions is written again.
    await expect(eraseFromTopic(config, search(letters.length + 150))).rejects.toMatchObject({
      code: 'ERASURE_INCOMPLETE',
      message: expect.stringContaining('Run it again.'),
    });
    start();
    const left = await readAll(brokers, topic);
    expect(left.length).toBeGreaterThanOrEqual(letters.length);
    await eraseFromTopic(config, search(0));
    const after = await readAll(brokers, topic);
    expect(after).toHaveLength(letters.length);
    const texts = after.map(({ key, value, headers }) => [key, value, ...Object.values(headers)].join('\n'));
    expect(personIn(texts.join('\n'))).toBeUndefined();
  },
);
