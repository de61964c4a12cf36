import type { ProcessSettings } from '../../config/environment.ts';
import type { DeadLetterBrowser } from '../../core/dead-letter-browser.ts';
import type { ReplaySetup } from '../../replay/replay.ts';
import { orRefused } from '../dead-letters/list-handlers.ts';
import { type Handlers, isRefused, type Refused, refuse } from '../server/handler.ts';
import type { ConnectorFacts } from '../views/facts.ts';
import { shownPreview } from './preview.ts';
import type { ReplayJobs } from './replay-jobs.ts';
import { type ReplayRequest, requestMatcher } from './request.ts';

export interface ReplayHandlerOptions {
  readonly facts: ConnectorFacts;
  readonly settings: ProcessSettings;
  readonly browser: DeadLetterBrowser;
  readonly jobs: ReplayJobs;
}

type Names = 'previewReplay' | 'replays' | 'replay' | 'startReplay' | 'stopReplay';

/** Replays of dead letters, by the mappings that are active. */
export function replayHandlers({ facts, settings, browser, jobs }: ReplayHandlerOptions): Handlers<Names> {
  async function setupOf(request: ReplayRequest, signal: AbortSignal): Promise<ReplaySetup | Refused> {
    const matches = await requestMatcher(request, browser, signal);
    if (isRefused(matches)) return matches;
    const { source, deadLetters } = facts;
    return {
      ...{ settings, matches, deadLetters },
      destinations: facts.destinations(),
      limit: request.limit ?? Number.POSITIVE_INFINITY,
      sources: source.startsWith('file:') ? [source] : [],
      force: false,
      inside: facts,
    };
  }

  /** What somebody has paused isn't sent by another way. */
  function paused({ filter }: ReplayRequest): Refused | undefined {
    const held = facts
      .destinations()
      .find(({ name }) => facts.holds.of(name).state !== 'none' && (filter?.destination ?? name) === name);
    return (
      held && refuse(409, 'LANE_PAUSED', `${held.name} is paused`, 'resume it first, or choose another destination')
    );
  }

  return {
    previewReplay: ({ body, signal }) =>
      orRefused(async () => {
        const setup = await setupOf(body, signal);
        return isRefused(setup) ? setup : shownPreview(setup, await browser.replayedKeys(), signal);
      }),
    replays: () => ({ jobs: jobs.all() }),
    replay: ({ params }) => jobs.of(params['id'] ?? '') ?? noReplay,
    startReplay: ({ body, caller, signal }) =>
      orRefused(async () => {
        if (jobs.running() !== undefined) return running;
        const refused = paused(body);
        if (refused !== undefined) return refused;
        const setup = await setupOf(body, signal);
        if (isRefused(setup)) return setup;
        // Another may have been started meanwhile.
        return jobs.running() === undefined ? jobs.start(setup, body, caller.who) : running;
      }),
    stopReplay: ({ params }) => jobs.stop(params['id'] ?? '') ?? noReplay,
  };
}

export const noReplay = refuse(404, 'NO_REPLAY', 'there is no replay of this id');
const running = refuse(409, 'REPLAY_RUNNING', 'a replay is running', 'wait for its end, or stop it');
