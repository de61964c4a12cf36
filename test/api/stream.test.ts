import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fastify } from 'fastify';
import { expect, it } from 'vitest';
import { openStream, type StreamReader } from '../../src/api/server/stream.ts';

it('whoever does not read is dropped, with no more waiting than a bound', async () => {
  const app = fastify({ forceCloseConnections: true });
  let reader: StreamReader | undefined;
  let left = 0;
  app.get('/stream', (_request, reply) => {
    openStream(reply, (one) => {
      reader = one;
      return () => {
        left += 1;
      };
    });
  });
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  const idle = await unread(Number(port));
  try {
    let sent = 0;
    // What the two ends of a connection hold on their way is the system's.
    while (reader?.send('decision', 'x'.repeat(64 * 1024)) === true) {
      sent += 1;
      await new Promise(setImmediate);
      expect(sent).toBeLessThan(1_000);
    }
    await expect.poll(() => left).toBe(1);
    expect(reader?.send('decision', 'once more')).toBe(false);
  } finally {
    idle.destroy();
    await app.close();
  }
});

it('whoever has gone before the stream opens is not taken on', async () => {
  const app = fastify({ forceCloseConnections: true });
  const taken: StreamReader[] = [];
  const opened = Promise.withResolvers<void>();
  app.get('/stream', async (request, reply) => {
    const closed = once(reply.raw, 'close');
    request.raw.socket.destroy();
    await closed;
    openStream(reply, (reader) => {
      taken.push(reader);
      return () => undefined;
    });
    opened.resolve();
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    await fetch(`${url}/stream`).catch(() => undefined);
    await opened.promise;
    expect(taken).toEqual([]);
  } finally {
    await app.close();
  }
});

function unread(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /stream HTTP/1.1\r\nhost: localhost\r\n\r\n'));
    socket.on('error', () => undefined);
    socket.once('error', reject);
    socket.once('data', () => {
      socket.pause();
      resolve(socket);
    });
  });
}
