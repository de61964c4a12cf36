import { type AnswerOf, type Call, type Refused, refuse } from '../server/handler.ts';
import type { CountName } from '../traffic/counts.ts';
import { type SpanName, spans } from '../traffic/history.ts';
import { noDestination } from './destinations.ts';
import type { Facts } from './facts.ts';

export function historyAnswer(facts: Facts, query: Call<'history'>['query']): AnswerOf<'history'> | Refused {
  const { range = '10m', destination, subscription } = query;
  const { traffic } = facts;
  if (destination === undefined) {
    const { history } = traffic;
    return {
      ...frame(range, facts.now()),
      ...flows(range, history.last),
      read: history.last('read', range),
      ...delaysOf(traffic, range),
    };
  }
  const of = facts.destinations().find(({ name }) => name === destination);
  const known = subscription === undefined || of?.subscriptions.some(({ id }) => id === subscription) === true;
  if (of === undefined || !known) return noDestination;
  const { history } =
    subscription === undefined ? traffic.destination(destination) : traffic.subscription(destination, subscription);
  return { ...frame(range, facts.now()), ...flows(range, history?.last ?? (() => zeros(range))) };
}

function delaysOf({ delays }: Facts['traffic'], range: SpanName) {
  return { delayP50: delays.last(0.5, range), delayP99: delays.last(0.99, range) };
}

type Last = (name: CountName, range: SpanName) => readonly number[];

function flows(range: SpanName, last: Last) {
  return {
    matched: last('matched', range),
    sent: last('sent', range),
    delivered: last('delivered', range),
    skipped: last('skipped', range),
    setAside: last('setAside', range),
  };
}

export function audienceHistoryAnswer(
  facts: Facts,
  { destination = '', id = '' }: Readonly<Record<string, string>>,
  { range = '10m' }: Call<'audienceHistory'>['query'],
): AnswerOf<'audienceHistory'> | Refused {
  const history = facts.traffic.audiences.of(id);
  // It was changed this second, or so far nobody joined or left it.
  const isShown = history !== undefined || facts.changedAudiences().some((audience) => audience.id === id);
  if (!isShown || !facts.destinations().some(({ name }) => name === destination)) return noHistory;
  const last = history?.last ?? (() => zeros(range));
  return { ...axis(range, facts.now()), joins: last('joins', range), leaves: last('leaves', range) };
}

const noHistory = refuse(404, 'NO_HISTORY', 'nobody joined or left an audience of this id, as far as is remembered');

function frame(range: SpanName, now: number) {
  return { ...axis(range, now), read: zeros(range), delayP50: zeros(range), delayP99: zeros(range) };
}

function axis(range: SpanName, now: number) {
  const { stepSeconds, points } = spans[range];
  return { stepSeconds, from: (Math.floor(now / 1000 / stepSeconds) - points) * stepSeconds * 1000 };
}

function zeros(range: SpanName): readonly number[] {
  return new Array<number>(spans[range].points).fill(0);
}
