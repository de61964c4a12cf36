import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** Node ends a connection that nobody uses for five seconds: on a busy machine, between two requests of a test. */
const keptMillis = 600_000;

/** Starts a server on a free port of loopback; `close` ends its connections, whatever is under way on them. */
export async function listening(server: Server | TlsServer) {
  server.keepAliveTimeout = keptMillis;
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    /** TCP connections so far. */
    connections: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
