import type { LaneStatus } from '../../core/lane-state.ts';
import type { AnswerOf } from '../server/handler.ts';
import type { Facts } from './facts.ts';
import { shownFailure } from './failure.ts';
import { laneSentence, stateOfLane } from './state.ts';

type Shown = AnswerOf<'audiences'>['audiences'][number];

const most = 500;

/** The audiences that were changed since the start, or are looked for. */
export function audiencesAnswer(facts: Facts): AnswerOf<'audiences'> {
  const lanes = facts.lanes();
  const byLane = new Map(lanes.map((lane) => [lane.lane, lane]));
  const changed = facts.changedAudiences();
  const searches = lanes.filter(({ kind }) => kind === 'search');
  const all = [
    ...changed.flatMap((audience) => {
      const lane = byLane.get(audience.lane);
      return lane === undefined ? [] : [shown(audience, lane, facts)];
    }),
    ...searches.map((lane) => search(lane, facts.now())),
  ];
  return { audiences: all.slice(0, most), complete: all.length <= most };
}

function shown(
  { id, joins, leaves, rejected, lastAt }: ReturnType<Facts['changedAudiences']>[number],
  lane: LaneStatus,
  facts: Facts,
): Shown {
  const { destination } = lane;
  const of = facts.destinations().find(({ name }) => name === destination);
  const account = of?.settings.adAccountId?.replace(/^act_/, '');
  return {
    ...{ id, destination, joins, leaves, rejected, waiting: lane.waiting },
    state: stateOfLane(lane),
    sentence: laneSentence(lane, facts.now()),
    ...(lane.state !== 'running' && { failure: shownFailure(lane.failure) }),
    ...atMeta(facts.askAudience(destination, id)),
    ...(lastAt !== undefined && { lastFlushAt: lastAt }),
    ...(account !== undefined && { url: audienceUrl(account, id) }),
  };
}

/** What Meta says: its name, how many are in it, and what it does with it. */
function atMeta(asked: ReturnType<Facts['askAudience']>): Partial<Shown> {
  if (asked === undefined) return {};
  if (asked.kind === 'unknown') return { ...atMeta(asked.before), failure: shownFailure(asked.failure) };
  const { name, sizeAtLeast, sizeAtMost, operation } = asked.details;
  return {
    name,
    sizeAt: asked.at,
    ...(sizeAtLeast !== undefined && { sizeAtLeast }),
    ...(sizeAtMost !== undefined && { sizeAtMost }),
    ...(operation !== undefined && { operation: operation.description }),
  };
}

function search(lane: LaneStatus, now: number): Shown {
  return {
    id: '',
    destination: lane.destination,
    name: lane.lane,
    ...{ joins: 0, leaves: 0, rejected: 0, waiting: lane.waiting },
    state: stateOfLane(lane),
    sentence: lane.state === 'running' ? 'It is being looked for.' : laneSentence(lane, now),
    ...(lane.state !== 'running' && { failure: shownFailure(lane.failure) }),
  };
}

function audienceUrl(account: string, id: string): string {
  return `https://business.facebook.com/adsmanager/audiences?act=${account}&selected_audience_ids=${id}`;
}
