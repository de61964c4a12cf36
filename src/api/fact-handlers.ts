import { basename } from 'node:path';
import type { Mappings } from './mappings.ts';
import type { Access } from './server/access.ts';
import { type Handlers, refuse } from './server/handler.ts';
import { audiencesAnswer } from './views/audiences.ts';
import { coverageAnswer } from './views/coverage.ts';
import { destinationAnswer, destinationsAnswer, noDestination } from './views/destinations.ts';
import type { Facts } from './views/facts.ts';
import { audienceHistoryAnswer, historyAnswer } from './views/history.ts';
import { lanesAnswer } from './views/lanes.ts';
import { partitionsAnswer } from './views/partitions.ts';
import { shownProblem } from './views/problem.ts';
import { statusAnswer } from './views/status.ts';
import { subscriptionAnswer, subscriptionsAnswer } from './views/subscriptions.ts';

/** Routes whose answers are made of facts alone, be they of one process or of several. */
type FactRoute =
  | 'status'
  | 'destinations'
  | 'destination'
  | 'destinationFile'
  | 'lanes'
  | 'subscriptions'
  | 'subscription'
  | 'history'
  | 'partitions'
  | 'coverage'
  | 'audiences'
  | 'audienceHistory'
  | 'reload';

export interface FactHandlerParts {
  /** As they are now. */
  facts(): Facts | Promise<Facts>;
  readonly access: Access;
  readonly mappings: Mappings;
}

export function factHandlers({ facts, access, mappings }: FactHandlerParts): Handlers<FactRoute> {
  return {
    status: async ({ caller }) => statusAnswer(await facts(), caller, access),
    destinations: async () => destinationsAnswer(await facts()),
    destination: async ({ params }) => destinationAnswer(await facts(), params['name']),
    destinationFile({ params }) {
      const destination = mappings.active().find(({ name }) => name === params['name']);
      return destination === undefined ? noDestination : fileAnswer(mappings, destination.file);
    },
    lanes: async () => lanesAnswer(await facts()),
    subscriptions: async ({ query }) => subscriptionsAnswer(await facts(), query.destination),
    subscription: async ({ params }) => subscriptionAnswer(await facts(), params),
    history: async ({ query }) => historyAnswer(await facts(), query),
    partitions: async () => partitionsAnswer(await facts()),
    coverage: async () => coverageAnswer(await facts()),
    audiences: async () => audiencesAnswer(await facts()),
    audienceHistory: async ({ params, query }) => audienceHistoryAnswer(await facts(), params, query),
    async reload() {
      const { applied, message, problems } = await mappings.reload();
      return { applied, message, problems: problems.map(shownProblem) };
    },
  };
}

function fileAnswer(mappings: Mappings, path: string) {
  const file = mappings.files().find((each) => each.path === path);
  if (file === undefined) return refuse(404, 'NO_FILE', 'the file of the destination is not known');
  return { name: basename(path), text: file.text };
}
