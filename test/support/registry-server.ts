import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listening } from './listening.ts';

export interface RegistryServer {
  readonly url: string;
  /** What was asked, with the header `authorization` if there was one. */
  readonly asked: string[];
  /** Answers otherwise from now on; undefined: as a registry. */
  answer: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  close(): Promise<void>;
}

export interface ServedSchema {
  readonly schema: string;
  readonly schemaType?: string;
  readonly references?: readonly { readonly name: string; readonly subject: string; readonly version: number }[];
}

/** A registry of these schemas, by path: `/schemas/ids/1`, `/subjects/money/versions/1`. */
export async function registryServer(schemas: Readonly<Record<string, ServedSchema>>): Promise<RegistryServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push([request.url, request.headers.authorization].filter((text) => text !== undefined).join(' '));
    if (registry.answer !== undefined) return registry.answer(request, response);
    const found = schemas[request.url ?? ''];
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? { error_code: 40403, message: 'Schema not found' }));
  });
  const { port, close } = await listening(server);
  const registry: RegistryServer = { url: `http://127.0.0.1:${port}`, asked, answer: undefined, close };
  return registry;
}
