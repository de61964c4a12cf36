import { headerName } from '../command/header-name.ts';
import type { ProbedEvent } from './probe.ts';

/** What subscriptions make of the events that were looked at. */
export interface InitCoverage {
  readonly events: number;
  readonly subscriptions: readonly SubscriptionCoverage[];
  /** What meets no trigger, by type and name, most first. */
  readonly unmet: readonly { readonly type: string; readonly name?: string; readonly events: number }[];
}

interface SubscriptionCoverage {
  readonly subscription: string;
  readonly met: number;
  readonly ready: number;
  /** By the code of the dead letter, or the reason to skip. */
  readonly others: Readonly<Record<string, number>>;
}

export function coverageOf(events: readonly ProbedEvent[], subscriptions: readonly string[]): InitCoverage {
  const unmet = new Map<string, { type: string; name?: string; events: number }>();
  for (const { type, name, ends } of events) {
    if (ends.size > 0) continue;
    // Whatever looks like somebody's data is nobody's name of an event.
    const shown = typeof name === 'string' && name !== '' ? { name: headerName(name) } : {};
    const key = JSON.stringify([type, shown.name]);
    const before = unmet.get(key)?.events ?? 0;
    unmet.set(key, { type, ...shown, events: before + 1 });
  }
  return {
    events: events.length,
    subscriptions: subscriptions.map((id) => ofSubscription(id, events)),
    unmet: [...unmet.values()].sort((left, right) => right.events - left.events),
  };
}

function ofSubscription(subscription: string, events: readonly ProbedEvent[]): SubscriptionCoverage {
  const ends = events.flatMap(({ ends: each }) => each.get(subscription) ?? []);
  const others: Record<string, number> = {};
  for (const { reason } of ends) if (reason !== undefined) others[reason] = (others[reason] ?? 0) + 1;
  return { subscription, met: ends.length, ready: ends.filter(({ kind }) => kind === 'ready').length, others };
}

const shownUnmet = 15;

export function* coverageLines({ subscriptions, unmet }: InitCoverage): Generator<string> {
  const width = Math.max(...subscriptions.map(({ subscription }) => subscription.length));
  for (const { subscription, met, ready, others } of subscriptions) {
    const rest = Object.entries(others).map(([reason, count]) => `, ${count} ${reason}`);
    yield `  ${subscription.padEnd(width)}  ${counted(met)}: ${ready} ready${rest.join('')}`;
  }
  if (unmet.length === 0) return;
  yield 'No subscription is for these, so nothing of them is sent:';
  for (const { type, name, events } of unmet.slice(0, shownUnmet)) {
    yield `  ${String(events).padStart(6)} ${type}${name === undefined ? '' : ` ${JSON.stringify(name)}`}`;
  }
  if (unmet.length > shownUnmet) yield `         and ${unmet.length - shownUnmet} other names`;
}

export function counted(events: number): string {
  return events === 1 ? '1 event' : `${events} events`;
}
