import type { RequestListener, Server } from 'node:http';
import { fastify } from 'fastify';
import { answerBadPath, guardAgainstWebsites, guardCalls } from '../http/guard.ts';
import { longestPath } from '../http/refusals.ts';
import { servePage } from '../pages/pages.ts';
import type { OpsServerOptions } from './ops-options.ts';

export interface OpsAnswers {
  readonly answer: RequestListener;
  close(): Promise<void>;
}

/** Answers all but how the connector is: it comes with the first such request, since it takes longer to load than to start all else. */
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
    // Names of lanes and subscriptions are parts of paths.
    routerOptions: { maxParamLength: longestPath },
  });
  guardAgainstWebsites(app, options.host);
  guardCalls(app);
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'there is nothing of this name' }));
  await options.serve?.(app);
  servePage(app, 'status');
  await app.ready();
  return { answer, close: () => app.close() };
}
