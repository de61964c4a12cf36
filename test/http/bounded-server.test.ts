import { type AddressInfo, connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { createBoundedServer, type ServerBounds } from '../../src/http/bounded-server.ts';

const hour = 3_600_000;
const patient: ServerBounds = { connections: 50, headMillis: hour, requestMillis: hour, silenceMillis: hour };

async function start(handler: RequestListener, bounds: Partial<ServerBounds> = {}) {
  const server = createBoundedServer(handler, { ...patient, ...bounds });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return {
    url: `http://127.0.0.1:${port}/`,
    count: () => new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count))),
    async open(text: string): Promise<Socket> {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      sockets.push(socket);
      await once(socket, 'connect');
      if (text !== '') socket.write(text);
      return socket;
    },
  };
}

const answer: RequestListener = (_request, response) => response.end('here');

it('keeps few of 3,000 half-open connections, and answers who asks meanwhile', async () => {
  const server = await start(answer);
  for (let round = 0; round < 15; round += 1) {
    await Promise.all(Array.from({ length: 200 }, () => server.open('GET / HTTP/1.1\r\nhost:')));
    expect(await fetch(server.url).then((reply) => reply.text())).toBe('here');
  }
  await expect.poll(server.count).toBeLessThanOrEqual(50);
});

it('never ends a request under way to make room', async () => {
  let finish = () => {};
  const server = await start((_request, response) => {
    finish = () => response.end('late');
  });
  const slow = fetch(server.url).then((reply) => reply.text());
  await expect.poll(server.count).toBe(1);
  await Promise.all(Array.from({ length: 120 }, () => server.open('')));
  finish();
  expect(await slow).toBe('late');
});

it('ends a connection whose head never comes whole', async () => {
  const server = await start(answer, { headMillis: 50 });
  const socket = await server.open('GET / HTTP/1.1\r\nhost: localhost\r\n');
  await once(socket.resume(), 'close');
});

it('ends the connection of a reader that does not read', async () => {
  const server = await start((_request, response) => response.end('x'.repeat(50_000_000)), { silenceMillis: 100 });
  const socket = await server.open('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  socket.pause();
  await expect.poll(server.count).toBe(0);
});

it('keeps a connection for as long as nothing may move on it', async () => {
  const server = await start(answer, { silenceMillis: 90_000 });
  const socket = await server.open('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  const [head] = (await once(socket, 'data')) as [Buffer];
  expect(head.toString()).toContain('Keep-Alive: timeout=90');
});
