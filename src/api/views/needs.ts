import type { LaneStatus } from '../../core/lane-state.ts';
import { testEventCodes } from '../../kit/test-event-code.ts';
import type { Facts } from './facts.ts';
import type { AnswerOf } from '../server/handler.ts';
import { countText, sentence } from './words.ts';

export type Need = AnswerOf<'status'>['needs'][number];

const warnDaysBefore = 30;

/** What only a person can put right, the worst first. */
export function needsOf(facts: Facts): readonly Need[] {
  return [
    ...writeNeeds(facts),
    ...blockedNeeds(facts),
    ...pausedNeeds(facts),
    ...heldNeeds(facts),
    ...versionNeeds(facts),
    ...testNeeds(facts),
  ];
}

function writeNeeds(facts: Facts): readonly Need[] {
  return facts.writeFailures().map(({ kind, subject, destination, code, message, fix }) => ({
    id: `write ${subject}`,
    state: 'blocked',
    title: `${kind === 'parking_fails' ? `Deliveries of ${destination} can't be parked` : "Dead letters can't be written"}. Nothing is lost: nothing is committed past them.`,
    code,
    cause: sentence(message),
    actions: [],
    ...(destination !== undefined && { destination }),
    ...(fix !== undefined && { fix: sentence(fix) }),
  }));
}

function blockedNeeds(facts: Facts): readonly Need[] {
  return facts.lanes().flatMap((lane): readonly Need[] => {
    if (lane.state !== 'blocked') return [];
    const { code, message, fix } = lane.failure;
    return [
      {
        id: `lane ${lane.lane} ${code}`,
        state: 'blocked',
        title: blockedTitle(lane),
        code,
        cause: sentence(message),
        since: lane.since,
        destination: lane.destination,
        lane: lane.lane,
        waiting: lane.waiting,
        actions: ['resume', 'reload'],
        ...(fix !== undefined && { fix: sentence(fix) }),
      },
    ];
  });
}

function blockedTitle({ kind, lane, waiting }: LaneStatus): string {
  const lost = waiting === 0 ? 'Nothing is lost.' : `Nothing is lost: ${countText(waiting, 'event')} waiting.`;
  if (kind === 'subscription')
    return `The subscription ${lane} stands still, because too much of it is rejected. ${lost}`;
  return `${kind === 'conversions' ? lane : `The ${lane}`} is blocked. ${lost}`;
}

function pausedNeeds({ destinations, holds, lanes }: Facts): readonly Need[] {
  const held = destinations().flatMap(({ name }): readonly Need[] => {
    const { state, waiting } = holds.of(name);
    if (state === 'none') return [];
    return [pausedNeed(name, { destination: name }, waiting)];
  });
  const ofDestinations = new Set(held.map(({ destination }) => destination));
  const single = lanes().filter(({ state, destination }) => state === 'paused' && !ofDestinations.has(destination));
  return [...held, ...single.map(({ lane, destination, waiting }) => pausedNeed(lane, { destination, lane }, waiting))];
}

function pausedNeed(name: string, of: Pick<Need, 'destination' | 'lane'>, waiting: number): Need {
  return {
    id: `paused ${name}`,
    state: 'paused',
    title: `${name} is paused. Nothing is lost: ${countText(waiting, 'event')} waiting.`,
    code: 'LANE_PAUSED',
    cause: 'Somebody has paused it. When as much waits as may be in flight, everything else waits, too.',
    fix: 'Resume it.',
    waiting,
    actions: ['resume'],
    ...of,
  };
}

function heldNeeds(facts: Facts): readonly Need[] {
  return facts.heldPartitions().map(({ topic, partition, reason }) => ({
    id: `partition ${topic}/${partition}`,
    state: 'blocked',
    title: `Partition ${partition} of ${topic} is not read.`,
    code: 'PARTITION_HELD',
    cause: sentence(reason),
    fix: 'Decide where to go on: see docs/operations.md, held partitions.',
    actions: [],
  }));
}

function versionNeeds({ destinations, traffic }: Facts): readonly Need[] {
  return destinations().flatMap(({ name, settings: { apiVersion } }): readonly Need[] => {
    const days = traffic.versionDaysLeft(name);
    if (days === undefined || days > warnDaysBefore) return [];
    return [
      {
        id: `version ${name}`,
        state: 'warning',
        title:
          days <= 0
            ? `Meta no longer takes version ${apiVersion} of ${name}.`
            : `Meta takes version ${apiVersion} of ${name} for ${countText(Math.ceil(days), 'more day')}.`,
        code: 'API_VERSION_ENDS',
        cause: 'From its end on Meta refuses what is sent with it: conversions, changes of audiences, or both.',
        fix: `Set a newer api_version in the file of ${name}.`,
        destination: name,
        actions: ['reload'],
      },
    ];
  });
}

function testNeeds({ destinations }: Facts): readonly Need[] {
  return destinations().flatMap((destination): readonly Need[] => {
    const { wholeDestination, subscriptions } = testEventCodes(destination);
    if (subscriptions.length === 0) return [];
    const { name } = destination;
    const place = wholeDestination ? name : `${subscriptions.join(', ')} of ${name}`;
    return [
      {
        id: `test ${name}`,
        state: 'warning',
        title: `The events of ${place} are marked as tests.`,
        code: 'TEST_EVENT_CODE',
        cause: 'They carry a test_event_code, and Meta measures by test events too.',
        fix: 'Remove the test_event_code in production.',
        destination: name,
        actions: ['reload'],
      },
    ];
  });
}
