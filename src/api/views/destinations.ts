import { basename } from 'node:path';
import type { ConfiguredDestination } from '../../config/destination.ts';
import type { LaneStatus } from '../../core/lane-state.ts';
import { testEventCodes } from '../../kit/test-event-code.ts';
import type { Facts } from './facts.ts';
import { type AnswerOf, type Refused, refuse } from '../server/handler.ts';
import { shownCounts } from './counted.ts';
import { laneSentence, stateOfLane, troubledLane, troubleOf } from './state.ts';
import { countText, numberText } from './words.ts';

export function destinationsAnswer(facts: Facts): AnswerOf<'destinations'> {
  facts.refresh();
  const lanes = facts.lanes();
  return { destinations: facts.destinations().map((destination) => shown(destination, lanes, facts)) };
}

export function destinationAnswer(facts: Facts, name: string | undefined): AnswerOf<'destination'> | Refused {
  const destination = facts.destinations().find((each) => each.name === name);
  return destination === undefined ? noDestination : shown(destination, facts.lanes(), facts);
}

export const noDestination = refuse(404, 'NO_DESTINATION', 'no active destination has this name');

function shown(
  destination: ConfiguredDestination,
  lanes: readonly LaneStatus[],
  { traffic, holds, parked, now }: Facts,
): AnswerOf<'destination'> {
  const { name, file, settings, subscriptions } = destination;
  const own = lanes.filter((lane) => lane.destination === name);
  const hold = holds.of(name);
  const counted = traffic.destination(name);
  const counts = shownCounts(counted);
  const troubled = troubledLane(own);
  const trouble = troubled && troubleOf(troubled);
  const versionDaysLeft = traffic.versionDaysLeft(name);
  const { pixelId, adAccountId, apiVersion } = settings;
  return {
    name,
    file: basename(file),
    apiVersion,
    state: hold.state === 'none' ? stateOfLane(troubled ?? { state: 'running' }) : 'paused',
    sentence: holdText(hold) ?? (troubled && laneSentence(troubled, now())) ?? dayText(counts.lastDay),
    hold: hold.state,
    testMode: testEventCodes(destination).subscriptions.length > 0,
    subscriptions: subscriptions.map(({ id }) => id),
    lanes: own.filter(({ kind }) => kind !== 'subscription').map(({ lane }) => lane),
    ...counts,
    failures: Object.fromEntries(counted.failures),
    waiting: own.reduce((sum, { waiting }) => sum + waiting, hold.waiting),
    parked: parked().get(name) ?? 0,
    ...(pixelId !== undefined && { pixelId }),
    ...(adAccountId !== undefined && { adAccountId }),
    ...(versionDaysLeft !== undefined && { versionDaysLeft }),
    ...(trouble !== undefined && { trouble }),
  };
}

function holdText({ state, waiting }: ReturnType<Facts['holds']['of']>): string | undefined {
  if (state === 'none') return undefined;
  const first = state === 'paused' ? 'Paused by a person.' : 'What was taken before is sent; nothing more is.';
  return `${first} Nothing is lost: ${countText(waiting, 'event')} waiting.`;
}

function dayText({ delivered, setAside }: { readonly delivered: number; readonly setAside: number }): string {
  return `In the last 24 hours Meta accepted ${countText(delivered, 'event')}; ${numberText(setAside)} set aside.`;
}
