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
  { traffic, now }: Facts,
): AnswerOf<'destination'> {
  const { name, file, settings, subscriptions } = destination;
  const own = lanes.filter((lane) => lane.destination === name);
  const counted = traffic.destination(name);
  const counts = shownCounts(counted);
  const troubled = troubledLane(own);
  const trouble = troubled && troubleOf(troubled);
  const versionDaysLeft = traffic.versionDaysLeft(name);
  const { delivered, setAside } = counts.lastDay;
  const { pixelId, adAccountId, apiVersion } = settings;
  return {
    name,
    file: basename(file),
    apiVersion,
    state: troubled === undefined ? 'well' : stateOfLane(troubled),
    sentence:
      troubled === undefined
        ? `In the last 24 hours Meta accepted ${countText(delivered, 'event')}; ${numberText(setAside)} set aside.`
        : laneSentence(troubled, now()),
    hold: 'none',
    testMode: testEventCodes(destination).subscriptions.length > 0,
    subscriptions: subscriptions.map(({ id }) => id),
    lanes: own.filter(({ kind }) => kind !== 'subscription').map(({ lane }) => lane),
    ...counts,
    failures: Object.fromEntries(counted.failures),
    waiting: own.reduce((sum, { waiting }) => sum + waiting, 0),
    parked: traffic.parked(name),
    ...(pixelId !== undefined && { pixelId }),
    ...(adAccountId !== undefined && { adAccountId }),
    ...(versionDaysLeft !== undefined && { versionDaysLeft }),
    ...(trouble !== undefined && { trouble }),
  };
}
