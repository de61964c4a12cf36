import { createServer } from 'node:http';
import { listening } from '../../support/listening.ts';

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
  });
  const { port, close } = await listening(server);
  return { url: `http://127.0.0.1:${port}`, heard, close };
}
