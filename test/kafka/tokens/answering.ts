import { createServer } from 'node:http';

export interface HeardRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface AnsweringServer {
  readonly url: string;
  readonly heard: readonly HeardRequest[];
  close(): Promise<void>;
}

/** A real HTTP server on loopback that answers as it is told. */
export async function answering(
  answer: (request: HeardRequest) => { readonly status?: number; readonly body: string },
): Promise<AnsweringServer> {
  const heard: HeardRequest[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const one = { method, path, headers, body };
      heard.push(one);
      const told = answer(one);
      response.writeHead(told.status ?? 200).end(told.body);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    heard,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
