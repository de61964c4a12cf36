import type { FastifyInstance } from 'fastify';
import type { DecisionStream } from './decisions/decision-stream.ts';
import { createExplainer } from './explain/explainer.ts';
import { createHandlers, type HandlerParts } from './handlers.ts';
import { createReplayJobs } from './replays/replay-jobs.ts';
import { serveApi } from './server/serve.ts';

export interface ServedParts extends Omit<HandlerParts, 'explainer' | 'jobs' | 'sample'> {
  readonly version: string;
  readonly decisions: DecisionStream;
}

/** Serves the routes of the API, with what only they need: it is loaded when somebody asks. */
export function serveHandlers(app: FastifyInstance, { version, decisions, ...parts }: ServedParts): void {
  const { access, facts } = parts;
  const explainer = createExplainer();
  const jobs = createReplayJobs(facts.now);
  app.addHook('onClose', async () => {
    await Promise.all([jobs.close(), explainer.close()]);
  });
  const handlers = createHandlers({ ...parts, explainer, jobs, sample: decisions.sample });
  const { telemetry } = facts;
  serveApi(app, { version, access, telemetry, handlers, decisions: ({ query }) => decisions.read(query) });
}
