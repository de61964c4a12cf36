import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';

export interface ServerBounds {
  /** Open at the same time. */
  readonly connections: number;
  /** For the head of a request, from its first byte, or from the connection. */
  readonly headMillis: number;
  /** For a whole request. */
  readonly requestMillis: number;
  /** A connection on which nothing moves for so long is ended: a reader that doesn't read. A stream sends something meanwhile. */
  readonly silenceMillis: number;
}

const serverBounds: ServerBounds = {
  connections: 256,
  headMillis: 10_000,
  requestMillis: 30_000,
  silenceMillis: 60_000,
};

/**
 * A server that holds no more connections than it has room for. When there is one more, the oldest that asks nothing
 * makes room: thousands of half-open ones keep no probe and no scraper out, because those ask at once.
 */
export function createBoundedServer(handler: RequestListener, bounds: ServerBounds = serverBounds): Server {
  const { connections, headMillis, requestMillis, silenceMillis } = bounds;
  const timeouts = {
    headersTimeout: headMillis,
    requestTimeout: requestMillis,
    // Node would end a kept connection after 5 s: on a busy machine often just when the next request is sent on it.
    keepAliveTimeout: silenceMillis,
  };
  const server = createServer({ ...timeouts, connectionsCheckingInterval: Math.min(headMillis, 5000) }, handler);
  server.setTimeout(silenceMillis);
  const open = new Set<Socket>();
  /** Those without a request under way; the one that has been so for longest comes first. */
  const idle = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    idle.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      idle.delete(socket);
    });
    if (open.size <= connections) return;
    const [oldest = socket] = idle;
    // At once: `close` comes later, and more connections may come before it.
    open.delete(oldest);
    idle.delete(oldest);
    oldest.destroy();
  });
  server.on('request', ({ socket }, response) => {
    idle.delete(socket);
    response.once('close', () => {
      if (open.has(socket) && !socket.destroyed) idle.add(socket);
    });
  });
  return server;
}
