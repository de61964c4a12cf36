import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectorError, messageOf } from '../core/errors.ts';
import { createBoundedServer } from '../http/bounded-server.ts';
import type { OpsAnswers } from './ops-app.ts';
import type { OpsServerOptions } from './ops-options.ts';
import { createOpsState } from './ops-state.ts';

export interface OpsServer {
  /** `http://127.0.0.1:9464` */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `/livez`, `/readyz`, `/metrics`, and at `/` a page that shows them. */
export async function startOpsServer(options: OpsServerOptions): Promise<OpsServer> {
  const { host, port } = options;
  let answers: Promise<OpsAnswers | undefined> | undefined;
  const state = createOpsState(options);
  const server = createBoundedServer(async (request, response) => {
    try {
      await (state.answer(request, response) ?? answerMore(request, response));
    } catch {
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    }
  });

  async function answerMore(request: IncomingMessage, response: ServerResponse): Promise<void> {
    answers ??= loaded();
    const asked = answers;
    const found = await asked;
    if (found === undefined && answers === asked) answers = undefined;
    if (found !== undefined) found.answer(request, response);
    else response.writeHead(500, { 'content-type': 'application/json' }).end(notLoaded);
  }

  /** Undefined: it failed, which was told. */
  async function loaded(): Promise<OpsAnswers | undefined> {
    try {
      const { createOpsAnswers } = await import('./ops-app.ts');
      return await createOpsAnswers(options, server);
    } catch (error) {
      options.warn('OPS_PAGES_FAILED', `the console and its API could not be loaded: ${messageOf(error)}`);
      return undefined;
    }
  }

  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (error) {
    throw new ConnectorError(
      'OPS_PORT_UNAVAILABLE',
      `the ops server can't listen on ${host}:${port} (${messageOf(error)}): set OPS_PORT to a free port, or 0 for any`,
    );
  }
  return {
    url: urlOf(server.address() as AddressInfo),
    async close() {
      const closed = once(server, 'close');
      server.close();
      // A scraper that doesn't read its answer must not hold up a stop.
      server.closeAllConnections();
      await closed;
      await (await answers)?.close();
    },
  };
}

const notLoaded = JSON.stringify({
  code: 'OPS_PAGES_FAILED',
  error: 'the console and its API could not be loaded: the log says why',
});

/** Where it can be reached from this machine. */
function urlOf({ address, port }: AddressInfo): string {
  if (address === '0.0.0.0') return `http://127.0.0.1:${port}`;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}
