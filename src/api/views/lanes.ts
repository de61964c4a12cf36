import type { LaneStatus } from '../../core/lane-state.ts';
import type { Facts } from './facts.ts';
import type { AnswerOf } from '../server/handler.ts';
import { laneSentence, stateOfLane, troubleOf } from './state.ts';

export function lanesAnswer(facts: Facts): AnswerOf<'lanes'> {
  return { lanes: facts.lanes().map((lane) => shownLane(lane, facts)) };
}

function shownLane(lane: LaneStatus, { traffic, now }: Facts): AnswerOf<'lanes'>['lanes'][number] {
  const { usagePercent, retries, throttles } = traffic.lane(lane.lane);
  const trouble = troubleOf(lane);
  return {
    name: lane.lane,
    kind: lane.kind,
    destination: lane.destination,
    state: stateOfLane(lane),
    doing: lane.state,
    sentence: laneSentence(lane, now()),
    waiting: lane.waiting,
    retries,
    throttles,
    ...(usagePercent !== undefined && { usagePercent }),
    ...(trouble !== undefined && { trouble }),
  };
}
