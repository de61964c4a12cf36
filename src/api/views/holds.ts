import { type Handlers, refuse } from '../server/handler.ts';
import { destinationAnswer, noDestination } from './destinations.ts';
import type { ConnectorFacts } from './facts.ts';
import { lanesAnswer } from './lanes.ts';

type Names = 'pauseDestination' | 'drainDestination' | 'resumeDestination' | 'pauseLane' | 'resumeLane';

/** What a person may do to a destination or a lane. */
export function holdHandlers(facts: ConnectorFacts): Handlers<Names> {
  const { holds } = facts;

  function ofDestination(name: string | undefined, act: (name: string) => void) {
    if (name === undefined || !facts.destinations().some((each) => each.name === name)) return noDestination;
    act(name);
    return destinationAnswer(facts, name);
  }

  function ofLane(name: string | undefined, act: (name: string) => boolean) {
    return name !== undefined && act(name) ? lanesAnswer(facts) : noLane;
  }

  return {
    pauseDestination: ({ params }) => ofDestination(params['name'], holds.pause),
    drainDestination: ({ params }) => ofDestination(params['name'], holds.drain),
    resumeDestination: ({ params }) => ofDestination(params['name'], holds.resume),
    pauseLane: ({ params }) => ofLane(params['name'], holds.pauseLane),
    resumeLane: ({ params }) => ofLane(params['name'], holds.resumeLane),
  };
}

export const noLane = refuse(404, 'NO_LANE', 'there is no lane of this name');
