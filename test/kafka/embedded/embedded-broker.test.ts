import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startEmbeddedBroker } from '../../../src/kafka/embedded/embedded-broker.ts';
import { demandEmbeddedBroker, embeddedBroker } from '../../support/kafka-broker.ts';
import { until } from '../../support/kafka-member.ts';

async function answers(address: string): Promise<boolean> {
  const [host = '', port] = address.split(':');
  const socket = connect(Number(port), host);
  const answered = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  socket.destroy();
  return answered;
}

it('listens on loopback until it is stopped, each one by itself', async () => {
  const [one, other] = await Promise.all([embeddedBroker(), embeddedBroker({ nodes: 3 })]);
  expect(one.brokers).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(other.brokers.split(',').length).toBe(3);
  expect(await answers(one.brokers)).toBe(true);
  await one.stop();
  await one.stop();
  expect(await answers(one.brokers)).toBe(false);
  expect(await answers(other.brokers.split(',')[0] ?? '')).toBe(true);
  await other.stop();
});

it('ends when the process that started it is killed', async () => {
  demandEmbeddedBroker();
  const module = fileURLToPath(new URL('../../../src/kafka/embedded/embedded-broker.ts', import.meta.url));
  const script = `const { startEmbeddedBroker } = await import(${JSON.stringify(module)});
    console.log((await startEmbeddedBroker()).brokers); setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const brokers = await new Promise<string>((resolve) =>
    parent.stdout.once('data', (data) => resolve(String(data).trim())),
  );
  expect(await answers(brokers)).toBe(true);
  parent.kill('SIGKILL');
  let alive = true;
  await until('it is gone', () => {
    void answers(brokers).then((answered) => {
      alive = answered;
    });
    return !alive;
  });
});

it('says what to do when it can not be installed', async () => {
  const environment = { META_ACTIONS_CACHE: '/dev/null/no-folder', PATH: process.env['PATH'] };
  await expect(startEmbeddedBroker({ environment, print: () => undefined })).rejects.toMatchObject({
    name: 'ConnectorError',
    code: 'EMBEDDED_BROKER_INSTALL',
    message: expect.stringContaining('KAFKA_BROKERS'),
  });
});
