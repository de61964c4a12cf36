import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { listening } from '../support/listening.ts';

export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ScriptedGraph {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** TCP connections so far. */
  connections(): number;
  close(): Promise<void>;
}

/** A server on loopback that answers each request as the script says. */
export async function scriptedGraph(
  answer: (request: ReceivedRequest, response: ServerResponse, number: number) => void,
): Promise<ScriptedGraph> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, url, headers, body: Buffer.concat(chunks).toString() };
      requests.push(request);
      answer(request, response, requests.length);
    });
  });
  const { port, connections, close } = await listening(server);
  return { url: `http://127.0.0.1:${port}`, requests, connections, close };
}

export function answerJson(
  response: ServerResponse,
  status: number,
  json: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(json));
}
