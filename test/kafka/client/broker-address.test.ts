import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { withAdmin } from '../../../src/kafka/client/client.ts';
import { startEmbeddedBroker } from '../../../src/kafka/embedded/embedded-broker.ts';

const cleanups: (() => unknown)[] = [];

afterAll(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup();
});

test('a broker at an IPv6 address is reached', async () => {
  const { brokers, stop } = await startEmbeddedBroker();
  cleanups.push(stop);
  const port = Number(brokers.split(':').at(-1));
  const sockets = new Set<Socket>();
  const doorway = createServer((socket) => {
    const onward = connect(port, '127.0.0.1');
    for (const one of [socket, onward]) sockets.add(one.on('error', () => undefined));
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => doorway.listen(0, '::1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    doorway.close();
  });
  const address = `[::1]:${(doorway.address() as AddressInfo).port}`;
  const connection = { brokers: [address], clientId: 'tests' };
  const cluster = await withAdmin(
    connection,
    () => undefined,
    { brokers: [address] },
    (admin) => admin.describeCluster(),
  );
  expect(cluster.brokers).toHaveLength(1);
  expect(sockets.size).toBeGreaterThan(0);
});

test('an address where nobody listens is told as it was given', async () => {
  const connection = { brokers: ['[::1]:9'], clientId: 'tests' };
  await expect(
    withAdmin(
      connection,
      () => undefined,
      connection,
      (admin) => admin.listTopics(),
    ),
  ).rejects.toMatchObject({
    code: 'KAFKA_UNREACHABLE',
    message: expect.stringContaining('[::1]:9:'),
  });
}, 20_000);
