import { testEventCodes } from '../../kit/test-event-code.ts';
import type { Caller } from '../server/access.ts';
import type { Facts } from './facts.ts';
import type { AnswerOf } from '../server/handler.ts';
import { processDay } from './counted.ts';
import { memberOf } from './members.ts';
import { type Need, needsOf } from './needs.ts';
import { type State, stateOfLane, worst } from './state.ts';
import { countText, numberText } from './words.ts';

const dayMillis = 24 * 3_600_000;

export interface Session {
  readonly showIdentifiers: boolean;
}

export function statusAnswer(facts: Facts, { who }: Caller, { showIdentifiers }: Session): AnswerOf<'status'> {
  facts.refresh();
  const { traffic, startedAt } = facts;
  const now = facts.now();
  const needs = needsOf(facts);
  const state = stateOf(facts, needs);
  const lastDay = { since: Math.max(startedAt, now - dayMillis), ...processDay(traffic) };
  const { records, bytes } = facts.inFlight();
  return {
    now,
    build: { version: facts.version, node: process.version },
    startedAt,
    uptimeSeconds: (now - startedAt) / 1000,
    target: { kind: targetOf(facts.graphUrl), url: facts.graphUrl },
    source: facts.source,
    deadLetters: facts.deadLetters,
    phase: facts.phase(),
    state,
    sentence: sentenceOf(facts, state, needs, lastDay),
    needs,
    testMode: facts.destinations().flatMap((destination) =>
      testEventCodes(destination).subscriptions.map((subscription) => ({
        destination: destination.name,
        subscription,
      })),
    ),
    inFlight: { records, bytes, maxBytes: facts.maxInFlightBytes },
    sinceStart: { since: startedAt, ...traffic.process },
    lastDay,
    member: memberOf(facts, state),
    session: { changes: true, showIdentifiers, who },
    ...(traffic.lastDeliveredAt !== undefined && { lastDeliveredAt: traffic.lastDeliveredAt }),
    ...(facts.group !== undefined && { group: facts.group }),
    ...(facts.workers !== undefined && { workers: facts.workers }),
  };
}

export function processState(facts: Facts): State {
  return stateOf(facts, needsOf(facts));
}

function stateOf(facts: Facts, needs: readonly Need[]): State {
  if (facts.phase() === 'failed') return 'blocked';
  const asked = needs.flatMap(({ state }): readonly State[] => (state === 'warning' ? [] : [state]));
  const isHeldUp = facts.waits().length > 0 || missingText(facts) !== undefined || readsNothing(facts);
  const waits: readonly State[] = isHeldUp ? ['slowed'] : [];
  return worst([...asked, ...waits, ...facts.lanes().map(stateOfLane)]);
}

/** A start, and a group that forms anew, take their time. */
const startMillis = 60_000;

function readsNothing({ phase, startedAt, now }: Facts): boolean {
  return phase() === 'starting' && now() - startedAt > startMillis;
}

/** The sandbox and Meta are told apart by the address. */
function targetOf(url: string): 'meta' | 'sandbox' | 'other' {
  const { hostname } = new URL(url);
  if (hostname === 'graph.facebook.com') return 'meta';
  return hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]' ? 'sandbox' : 'other';
}

type Day = AnswerOf<'status'>['lastDay'];

function sentenceOf(facts: Facts, state: State, needs: readonly Need[], day: Day): string {
  const phase = facts.phase();
  if (phase === 'starting' && !readsNothing(facts)) return 'It is starting.';
  if (phase === 'stopping') return 'It is stopping: what is in flight is sent and committed first.';
  if (phase === 'failed') return "It can't go on: restart it. Nothing is lost.";
  const [first, ...others] = needs.filter((need) => need.state !== 'warning');
  if (first !== undefined) {
    const more =
      others.length === 0
        ? ''
        : ` ${countText(others.length, 'more thing')} ${others.length === 1 ? 'needs' : 'need'} you.`;
    return [first.title, first.cause, ...(first.fix === undefined ? [] : [first.fix])].join(' ') + more;
  }
  const dayText = facts.traffic.process.read === 0 ? 'Nothing has been read yet.' : eventsText(day);
  if (readsNothing(facts))
    return `Nothing is read: no broker answers, or the consumer group does not form. Nothing is lost. ${dayText}`;
  const missing = missingText(facts);
  if (missing !== undefined) return `${missing} Nothing is lost. ${dayText}`;
  if (state === 'slowed') return `${slowedText(facts)} Nothing is lost. ${dayText}`;
  return `All is well. ${dayText}`;
}

const missingTexts = {
  starting: 'is starting',
  restarting: 'has ended and is started again',
  silent: 'does not answer, and is replaced if that lasts',
} as const;

/** What isn't in the answers, and why. */
function missingText({ workers = [] }: Facts): string | undefined {
  const texts = workers.flatMap(({ worker, state }) =>
    state === 'running' ? [] : [`worker ${worker} ${missingTexts[state]}`],
  );
  return texts.length === 0 ? undefined : `${texts.join(', ').replace(/^w/, 'W')}: what it has in flight is not shown.`;
}

function slowedText(facts: Facts): string {
  const slowed = facts.lanes().filter((lane) => stateOfLane(lane) === 'slowed');
  const [first] = slowed;
  if (first === undefined) return facts.waits().join(' ');
  const others = slowed.length > 1 ? ` and ${countText(slowed.length - 1, 'other')}` : '';
  return first.state === 'throttled'
    ? `Meta limits the rate of ${first.lane}${others}: it goes on by itself.`
    : `Requests of ${first.lane}${others} fail and are repeated.`;
}

function eventsText({ read, delivered, skipped, setAside }: Day): string {
  return `${countText(read, 'event')} in the last 24 hours; ${numberText(delivered)} reached Meta, ${numberText(skipped)} skipped by a rule, ${numberText(setAside)} set aside.`;
}
