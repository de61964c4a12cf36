import type { ProcessSettings } from '../config/environment.ts';
import type { DeadLetterBrowser } from '../core/dead-letter-browser.ts';
import type { SourceRecord } from '../core/record.ts';
import { listHandlers } from './dead-letters/list-handlers.ts';
import { factHandlers } from './fact-handlers.ts';
import { deadLetterHandler } from './explain/dead-letter-handler.ts';
import { decisionEventHandler } from './explain/decision-event-handler.ts';
import { explainHandler, folderOf } from './explain/explain-handler.ts';
import type { Explainer } from './explain/explainer.ts';
import { createExplainService } from './explain/service.ts';
import { testEventHandler } from './explain/test-event-handler.ts';
import type { Mappings } from './mappings.ts';
import type { Members } from './members/members.ts';
import { replayHandlers } from './replays/replay-handlers.ts';
import type { ReplayJobs } from './replays/replay-jobs.ts';
import type { Access, Caller } from './server/access.ts';
import { type Handlers, type Refused, refuse } from './server/handler.ts';
import type { ServedName } from './server/serve.ts';
import type { ConnectorFacts, Facts } from './views/facts.ts';
import { holdHandlers } from './views/holds.ts';
import { memberOf } from './views/members.ts';
import { processState } from './views/status.ts';

export interface HandlerParts {
  readonly facts: ConnectorFacts;
  readonly access: Access;
  readonly mappings: Mappings;
  readonly browser: DeadLetterBrowser;
  readonly explainer: Explainer;
  readonly jobs: ReplayJobs;
  readonly settings: ProcessSettings;
  /** Undefined: the processes of the group don't tell of themselves. */
  readonly members: Members | undefined;
  /** The record of a decision that was told of. */
  sample(id: string): SourceRecord | undefined;
}

/** The answer of each route. */
export function createHandlers(parts: HandlerParts): Handlers<ServedName> {
  const { facts, access, mappings, browser, explainer, jobs, settings, members, sample } = parts;
  const service = createExplainService({
    explainer,
    maxRecordBytes: settings.MAX_RECORD_BYTES,
    readable: facts.readable,
    files: mappings.files,
    actions: mappings.actions,
    now: facts.now,
  });

  /** True: they are shown, and that is logged. */
  function shows(call: Showing, of: string): boolean | Refused {
    if (call.query.identifiers !== true) return false;
    if (!access.showIdentifiers) return notShown;
    facts.telemetry.emit({ kind: 'identifiers_shown', who: call.caller.who, of });
    return true;
  }

  return {
    ...factHandlers({ facts: () => facts, access, mappings }),
    ...holdHandlers(facts),
    ...replayHandlers({ facts, settings, browser, jobs }),
    members: async () => ({
      announced: members !== undefined,
      members: [memberOf(facts, processState(facts)), ...((await members?.others()) ?? [])],
    }),
    sendTest: testEventHandler(facts),
    ...listHandlers(browser, facts.now),
    deadLetter: deadLetterHandler({ browser, service, knows: (...names) => knows(facts, ...names), shows }),
    decisionEvent: decisionEventHandler({ sample, readable: facts.readable, shows }),
    explain: explainHandler({
      ...{ service, browser, sample, shows, now: facts.now },
      folder: () => folderOf(mappings.files()),
    }),
  };
}

interface Showing {
  readonly query: { readonly identifiers?: boolean };
  readonly caller: Caller;
}

const notShown = refuse(
  403,
  'IDENTIFIERS_HIDDEN',
  'identifiers of people are not shown by this process',
  'set OPS_SHOW_IDENTIFIERS=true and restart, where your rules allow it',
);

function knows({ destinations }: Facts, destination: string, subscription: string): boolean {
  const of = destinations().find(({ name }) => name === destination);
  return of?.subscriptions.some(({ id }) => id === subscription) === true;
}
