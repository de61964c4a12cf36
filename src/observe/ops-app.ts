import type { RequestListener, Server } from 'node:http';
import { type FastifyInstance, fastify } from 'fastify';
import { answerBadPath, guardAgainstWebsites, guardCalls } from '../http/guard.ts';
import { servePage } from '../pages/pages.ts';
import type { OpsServerOptions } from './ops-options.ts';

export interface OpsAnswers {
  readonly answer: RequestListener;
  close(): Promise<void>;
}

/** What answers on the ops port; it comes with the first request, since it takes longer to load than to start all else. */
export async function createOpsAnswers(options: OpsServerOptions, server: Server): Promise<OpsAnswers> {
  let answer: RequestListener = () => undefined;
  const app = fastify({
    logger: false,
    // It listens already.
    serverFactory(handler) {
      answer = handler;
      return server;
    },
    frameworkErrors: answerBadPath,
  });
  guardAgainstWebsites(app, options.host);
  guardCalls(app);
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'there is nothing of this name' }));
  await options.serve?.(app);
  servePage(app, 'status');
  serveState(app, options);
  await app.ready();
  return { answer, close: () => app.close() };
}

function serveState(app: FastifyInstance, { alive, readiness, metrics }: OpsServerOptions): void {
  app.get('/livez', async (_request, reply) => {
    const isAlive = alive();
    return reply.code(isAlive ? 200 : 503).send({ status: isAlive ? 'alive' : 'dead' });
  });
  app.get('/readyz', async (_request, reply) => {
    const { reasons, degraded } = await readiness();
    const more = degraded.length > 0 ? { degraded } : {};
    if (reasons.length === 0) return reply.send({ status: 'ready', ...more });
    return reply.code(503).send({ status: 'not ready', reasons, ...more });
  });
  app.get('/metrics', async (_request, reply) => {
    const { text, contentType } = await metrics.expose();
    return reply.header('content-type', contentType).send(text);
  });
}
