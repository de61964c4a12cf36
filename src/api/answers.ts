import { createExplainer, type ExplainerOptions } from './explain/explainer.ts';
import { createHandlers, type HandlerParts } from './handlers.ts';
import { createReplayJobs } from './replays/replay-jobs.ts';
import type { Handlers } from './server/handler.ts';
import type { ServedName } from './server/serve.ts';

export interface Answers {
  readonly handlers: Handlers<ServedName>;
  close(): Promise<void>;
}

/** The answers of the API, with what only they need: it is loaded when somebody asks. */
export function createAnswers(
  parts: Omit<HandlerParts, 'explainer' | 'jobs'>,
  explaining: Partial<ExplainerOptions> | undefined,
): Answers {
  const explainer = createExplainer(explaining);
  const jobs = createReplayJobs(parts.facts.now, () => parts.facts.phase() === 'stopping');
  return {
    handlers: createHandlers({ ...parts, explainer, jobs }),
    async close() {
      await Promise.all([jobs.close(), explainer.close()]);
    },
  };
}
