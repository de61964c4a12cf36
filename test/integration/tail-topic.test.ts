import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { committedOffsets, createTopic, produce, uniqueName } from '../support/kafka-broker.ts';
import { orderRecord } from '../support/orders.ts';
import { program, programEnvironment, runProgram } from '../support/program.ts';
import { openStage, type Stage } from '../support/stage.ts';

const minute = 60_000;
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  stage.destination('shop', { pixel_id: '1234567890' }, [
    { name: 'Orders', action: 'purchase' },
    { name: 'Small', action: 'purchase', trigger: 'event = "Nothing"' },
  ]);
}, minute);

afterAll(() => stage?.close());

const environment = (topic: string) => ({
  KAFKA_BROKERS: stage.broker.brokers.join(','),
  KAFKA_TOPICS: topic,
  KAFKA_GROUP_ID: topic,
  META_ACCESS_TOKEN: 'tail-test-token',
});

/** `tail` on a topic, which ends with the test. */
function tail(topic: string, ...parameters: readonly string[]) {
  const given = ['tail', '--source', 'kafka', '--mappings', stage.folder, '--json', ...parameters];
  const child = spawn(process.execPath, [program, ...given], { env: programEnvironment(environment(topic)) });
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  let printed = '';
  let aside = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    aside += chunk.toString();
  });
  return {
    decisions: () =>
      printed
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { readonly outcome: string; readonly offset: number }),
    aside: () => aside,
    async stop() {
      child.kill('SIGTERM');
      const code = await exited;
      process.off('exit', end);
      return code;
    },
  };
}

describe('tail of a topic', () => {
  test('shows what would be decided, of what is there and of what comes, and sends and commits nothing', async () => {
    const topic = uniqueName('tail');
    await createTopic(stage.broker.brokers, topic, { partitions: 1 });
    const at = { partition: 0 };
    await produce(stage.broker.brokers, topic, [
      { ...orderRecord(topic, 0), ...at },
      { ...at, value: '{"type":"page"}' },
    ]);
    const tailed = tail(topic, '--from', 'earliest', '--per-second', '50');
    try {
      await expect.poll(tailed.decisions, { timeout: minute }).toMatchObject([
        { outcome: 'sent', destination: 'shop', subscription: 'Orders', topic, offset: 0 },
        { outcome: 'no_match', offset: 1 },
      ]);
      await produce(stage.broker.brokers, topic, [{ ...at, value: 'no JSON' }]);
      await expect
        .poll(() => tailed.decisions().at(-1), { timeout: minute })
        .toMatchObject({
          outcome: 'undecodable',
          offset: 2,
        });
      expect(tailed.decisions().some((decision) => 'sample' in decision)).toBe(false);
      expect(tailed.aside()).toContain(`reading ${topic} from earliest; sends nothing, commits nothing`);
      expect((await committedOffsets(stage.broker.brokers, topic, topic)).size).toBe(0);
      expect(stage.sandbox.state.summary().events.accepted).toBe(0);
    } finally {
      expect(await tailed.stop()).toBe(0);
    }
  });

  test('chooses as the tail of a connector does', async () => {
    const topic = uniqueName('tail-choice');
    await createTopic(stage.broker.brokers, topic, { partitions: 1 });
    const at = { partition: 0 };
    await produce(stage.broker.brokers, topic, [
      { ...at, value: '{"type":"page"}' },
      { ...orderRecord(topic, 0), ...at },
    ]);
    const tailed = tail(topic, '--from', 'earliest', '--outcome', 'sent', '--event', 'order');
    try {
      await expect.poll(tailed.decisions, { timeout: minute }).toMatchObject([{ outcome: 'sent', offset: 1 }]);
    } finally {
      expect(await tailed.stop()).toBe(0);
    }
  });

  test.concurrent.each([
    ['another source', ['--source', 'pulsar'], 'give --source kafka'],
    ['a start without a topic', ['--from', '1h'], 'give --source kafka'],
    ['a number that is none', ['--source', 'kafka', '--per-second', 'many'], 'perSecond must be a number from 1 to 50'],
    ['a start that is none', ['--source', 'kafka', '--from', 'soon'], '--from must be earliest'],
  ])('refuses %s', async (_name, given, expected) => {
    const parameters = ['tail', '--mappings', stage.folder, ...given];
    const { code, stderr } = await runProgram(parameters, { environment: environment('none') });
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
  });
});
