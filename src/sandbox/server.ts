import { setTimeout as sleep } from 'node:timers/promises';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { ConnectorError, messageOf } from '../core/errors.ts';
import { guardAgainstWebsites, guardCalls } from '../http/guard.ts';
import { adminRoutes } from './admin/admin.ts';
import { audienceAdminRoutes } from './admin/audience-admin.ts';
import { audienceEdges } from './audiences/audience-edges.ts';
import { useCaseOf } from './audiences/audience-use-case.ts';
import { conversionsEdge } from './conversions/conversions-edge.ts';
import { datasetQualityEdge } from './conversions/dataset-quality-edge.ts';
import { debugTokenEdge } from './graph/debug-token-edge.ts';
import { graphRouter } from './graph/graph-router.ts';
import { graphRoutes } from './graph-routes.ts';
import { graphService } from './graph-service.ts';
import { type SandboxOptions, sandboxRules } from './graph/options.ts';
import { createMemory, readOnly, type SandboxState } from './admin/state.ts';

/** A Graph API on this machine that answers as Meta does, as far as that is known. */
export interface Sandbox {
  /** Starts to listen, by default on 127.0.0.1 and a free port; resolves to the base URL. */
  listen(at?: { readonly host?: string; readonly port?: number }): Promise<string>;
  /** Ends every connection. What was received stays readable, and `listen` may be called again. */
  close(): Promise<void>;
  /** What was received, and what the sandbox made of it. */
  readonly state: SandboxState;
}

interface Listening {
  readonly app: FastifyInstance;
  readonly closing: AbortController;
}

/**
 * Creates a sandbox: a server that answers like Meta's Graph API once it listens.
 *
 * @throws ConnectorError `SANDBOX_OPTION` for an invalid option.
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const rules = sandboxRules(options);
  const memory = createMemory(rules);
  const { audiences, diagnostics, faults, store, usage } = memory;
  const edges = [
    ...[conversionsEdge(rules, store, diagnostics), datasetQualityEdge(rules, store), debugTokenEdge(rules)],
    ...audienceEdges(rules, audiences),
  ];
  const useCase = (objectId: string) => useCaseOf(objectId, audiences);
  const service = graphService({ rules, router: graphRouter(rules, edges), faults, usage, useCase });
  let listening: Listening | undefined;
  /** Ends the wait of a sandbox that was taken down for a while. */
  let downtime: AbortController | undefined;

  async function open(host: string, port: number): Promise<string> {
    const closing = new AbortController();
    const app = fastify({
      bodyLimit: rules.maxBodyBytes,
      forceCloseConnections: true,
      logger: false,
      /** An address that can't be decoded; the framework's own answer would repeat it. */
      frameworkErrors: (_error, _request, reply: FastifyReply) =>
        reply.code(400).type('text/html').send('<html></html>'),
    });
    guardAgainstWebsites(app, host);
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.register(
      async (admin) => {
        guardCalls(admin);
        adminRoutes(admin, { memory, takeDown: (millis) => takeDown(host, app, millis) });
        audienceAdminRoutes(admin, audiences);
      },
      { prefix: '/_sandbox' },
    );
    graphRoutes(app, { now: rules.now, log: memory.log, service, signal: closing.signal });
    listening = { app, closing };
    try {
      return await app.listen({ host, port });
    } catch (error) {
      await stopListening();
      throw new ConnectorError(
        'SANDBOX_ADDRESS',
        `the sandbox cannot listen on ${host}:${port} (${messageOf(error)}); choose another host or port`,
        {},
        error,
      );
    }
  }

  async function stopListening(): Promise<void> {
    const ended = listening;
    listening = undefined;
    ended?.closing.abort();
    await ended?.app.close();
  }

  /** If another process takes the port meanwhile, the sandbox stays down: its clients notice, and nothing awaits this. */
  function takeDown(host: string, app: FastifyInstance, millis: number): void {
    const address = app.server.address();
    if (typeof address !== 'object' || address === null || downtime !== undefined) return;
    const pause = new AbortController();
    downtime = pause;
    stopListening()
      .then(() => sleep(millis, undefined, { signal: pause.signal }))
      .then(() => open(host, address.port))
      .catch(() => undefined)
      .finally(() => {
        downtime = undefined;
      });
  }

  return {
    async listen(at = {}) {
      if (listening !== undefined) throw new ConnectorError('SANDBOX_LISTENING', 'the sandbox is listening already');
      downtime?.abort();
      return open(at.host ?? '127.0.0.1', at.port ?? 0);
    },
    async close() {
      downtime?.abort();
      await stopListening();
    },
    state: readOnly(memory),
  };
}
