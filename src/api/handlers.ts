import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Access } from './server/access.ts';
import type { Facts } from './views/facts.ts';
import { type Handlers, refuse } from './server/handler.ts';
import type { Mappings } from './mappings.ts';
import type { ServedName } from './server/serve.ts';
import { coverageAnswer } from './views/coverage.ts';
import { shownProblem } from './views/problem.ts';
import { destinationAnswer, destinationsAnswer, noDestination } from './views/destinations.ts';
import { historyAnswer } from './views/history.ts';
import { lanesAnswer } from './views/lanes.ts';
import { partitionsAnswer } from './views/partitions.ts';
import { statusAnswer } from './views/status.ts';
import { subscriptionAnswer, subscriptionsAnswer } from './views/subscriptions.ts';

export interface HandlerParts {
  readonly facts: Facts;
  readonly access: Access;
  readonly mappings: Mappings;
}

/** The answer of each route. */
export function createHandlers({ facts, access, mappings }: HandlerParts): Partial<Handlers<ServedName>> {
  return {
    status: ({ caller }) => statusAnswer(facts, caller, access),
    destinations: () => destinationsAnswer(facts),
    destination: ({ params }) => destinationAnswer(facts, params['name']),
    destinationFile({ params }) {
      const destination = facts.destinations().find(({ name }) => name === params['name']);
      if (destination === undefined) return noDestination;
      try {
        return { name: basename(destination.file), text: readFileSync(destination.file, 'utf8') };
      } catch {
        return refuse(404, 'NO_FILE', 'the file of the destination is no longer there');
      }
    },
    lanes: () => lanesAnswer(facts),
    subscriptions: ({ query }) => subscriptionsAnswer(facts, query.destination),
    subscription: ({ params }) => subscriptionAnswer(facts, params),
    history: ({ query }) => historyAnswer(facts, query),
    partitions: () => partitionsAnswer(facts),
    coverage: () => coverageAnswer(facts),
    reload: () => reloadAnswer(mappings),
  };
}

async function reloadAnswer(mappings: Mappings) {
  const { applied, message, problems } = await mappings.reload();
  return { applied, message, problems: problems.map(shownProblem) };
}
