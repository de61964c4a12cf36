import { type FastifyInstance, fastify } from 'fastify';
import { ConnectorError, messageOf } from '../core/errors.ts';
import { createBoundedServer } from '../http/bounded-server.ts';
import { answerBadPath, guardAgainstWebsites, guardCalls } from '../http/guard.ts';
import { servePage } from '../pages/pages.ts';
import type { Metrics } from './metrics.ts';

export interface Readiness {
  /** Why the process is not ready, in words; none: it is. */
  readonly reasons: readonly string[];
  /** What is slower than it could be, in words: it will end by itself. */
  readonly degraded: readonly string[];
}

/** The server, for whoever serves more on the ops port. */
export type OpsApp = FastifyInstance;

export interface OpsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly metrics: Pick<Metrics, 'expose'>;
  readiness(): Readiness | Promise<Readiness>;
  /** False once only a restart can help. Never depends on whether Kafka or Meta can be reached. */
  alive(): boolean;
  /** What else is served. */
  readonly serve?: ((app: OpsApp) => void) | undefined;
}

export interface OpsServer {
  /** `http://127.0.0.1:9464` */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `/livez`, `/readyz`, `/metrics`, and at `/` a page that shows them. */
export async function startOpsServer(options: OpsServerOptions): Promise<OpsServer> {
  const app = fastify({
    logger: false,
    serverFactory: (handler) => createBoundedServer(handler),
    // A scraper that doesn't read its answer must not hold up a stop.
    forceCloseConnections: true,
    frameworkErrors: answerBadPath,
  });
  guardAgainstWebsites(app, options.host);
  guardCalls(app);
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'there is nothing of this name' }));
  options.serve?.(app);
  servePage(app, 'status');
  app.get('/livez', async (_request, reply) => {
    const alive = options.alive();
    return reply.code(alive ? 200 : 503).send({ status: alive ? 'alive' : 'dead' });
  });
  app.get('/readyz', async (_request, reply) => {
    const { reasons, degraded } = await options.readiness();
    const more = degraded.length > 0 ? { degraded } : {};
    if (reasons.length === 0) return reply.send({ status: 'ready', ...more });
    return reply.code(503).send({ status: 'not ready', reasons, ...more });
  });
  app.get('/metrics', async (_request, reply) => {
    const { text, contentType } = await options.metrics.expose();
    return reply.header('content-type', contentType).send(text);
  });
  try {
    const url = await app.listen({ host: options.host, port: options.port });
    return { url, close: () => app.close() };
  } catch (error) {
    throw new ConnectorError(
      'OPS_PORT_UNAVAILABLE',
      `the ops server can't listen on ${options.host}:${options.port} (${messageOf(error)}): set OPS_PORT to a free port, or 0 for any`,
    );
  }
}
