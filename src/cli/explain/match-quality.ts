import type { SourceRecord } from '../../core/record.ts';
import { type Destination, feedsAudiences, type Subscription } from '../../core/subscription.ts';
import {
  audienceMatchKeys,
  type IdentifierCounts,
  matchKeys,
  createMatchQuality,
} from '../../observe/match-quality.ts';
import type { DecodeOptions } from '../../pipeline/route/decode.ts';
import { planEvents, type SubscriptionDecision } from '../../pipeline/route/plan.ts';
import { malformedAdvice, missingAdvice } from '../../explain/match-advice.ts';

/** What a subscription makes of all events, and how well they identify people. One line of JSON. */
export interface SubscriptionSummary {
  readonly destination: string;
  readonly subscription: string;
  readonly action: string;
  /** Events that its trigger selected. */
  readonly matched: number;
  readonly ready: number;
  /** By code. */
  readonly rejected: Readonly<Record<string, number>>;
  /** By reason; `trigger` isn't one here. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Events whose identifiers were read: what the shares are of. */
  readonly events: number;
  readonly keys: readonly KeySummary[];
}

export interface KeySummary extends IdentifierCounts {
  readonly field: string;
  readonly label: string;
  /** Of the events, from 0 to 1: those in which the key is sent. */
  readonly share: number;
  /** What adding it where it is missing, and fixing it where it is malformed, would take. */
  readonly advice: readonly string[];
}

export interface SummaryOptions {
  readonly destinations: readonly Destination[];
  readonly decode: DecodeOptions;
  /** Unix milliseconds. */
  readonly now: number;
}

type Counts = Record<string, number>;

interface Outcomes {
  matched: number;
  ready: number;
  readonly rejected: Counts;
  readonly skipped: Counts;
}

/** Counts what is decided about the records; one summary per subscription, in their order. */
export function summarize(records: Iterable<SourceRecord>, options: SummaryOptions): readonly SubscriptionSummary[] {
  const { destinations, now } = options;
  const all = destinations.flatMap((destination) =>
    destination.subscriptions.map((subscription) => summaryOf(destination, subscription)),
  );
  const bySubscription = new Map(all.map((summary) => [summary.subscription, summary]));
  for (const record of records) {
    for (const { decisions } of planEvents(record, destinations, options, now, () => false)) {
      for (const decision of decisions) {
        if ('subscription' in decision) bySubscription.get(decision.subscription)?.add(decision);
      }
    }
  }
  return all.map(({ result }) => result());
}

function summaryOf(destination: Destination, subscription: Subscription) {
  const outcomes: Outcomes = { matched: 0, ready: 0, rejected: {}, skipped: {} };
  const quality = createMatchQuality();
  const keys = feedsAudiences(subscription) ? audienceMatchKeys : matchKeys;
  return {
    subscription,
    add(decision: SubscriptionDecision): void {
      outcomes.matched += 1;
      const { identifiers } = decision.findings;
      for (const statuses of identifiers) quality.add(destination.name, subscription.id, statuses, keys);
      if (decision.kind === 'skip') count(outcomes.skipped, decision.reason);
      else if (decision.kind === 'reject') count(outcomes.rejected, decision.failure.code);
      else {
        outcomes.ready += 1;
        // Entries of a list that can't be used become a dead letter beside the changes.
        if (decision.kind === 'change' && decision.failure !== undefined)
          count(outcomes.rejected, decision.failure.code);
      }
    },
    result(): SubscriptionSummary {
      const [read] = quality.subscriptions();
      const names = { destination: destination.name, subscription: subscription.id, action: subscription.action.key };
      const keys = [...(read?.fields ?? [])].map(([field, counts]) => keySummary(field, counts, subscription));
      return { ...names, ...outcomes, events: read?.events ?? 0, keys };
    },
  };
}

function count(counts: Counts, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function keySummary(field: string, counts: IdentifierCounts, subscription: Subscription): KeySummary {
  const sent = counts.hashed + counts.passed + counts.plain;
  const malformed = counts.unusable + counts.junk;
  const definition = subscription.action.definition.fields[field];
  const missing = counts.missing === 0 ? undefined : missingAdvice(field, definition);
  return {
    field,
    label: definition?.label ?? field,
    share: sent / (sent + malformed + counts.missing),
    ...counts,
    advice: [...(missing === undefined ? [] : [missing]), ...(malformed === 0 ? [] : [malformedAdvice(field)])],
  };
}

/** The summary of a subscription for people. */
export function renderSummary(summary: SubscriptionSummary): string {
  const { destination, subscription, action, matched, ready, events } = summary;
  const outcomes = [`${ready} ready`, ...counted('rejected', summary.rejected), ...counted('skipped', summary.skipped)];
  const lines = [`${subscription} (${action} → ${destination}): ${matched} events, ${outcomes.join(', ')}`];
  if (events === 0) return lines.join('\n');
  lines.push(row('key', '', 'sent', 'missing', 'malformed'));
  for (const key of summary.keys) {
    const { field, label, share, missing, unusable, junk } = key;
    lines.push(row(field, label, percent(share), percent(missing / events), percent((unusable + junk) / events)));
  }
  const advised = summary.keys.filter(({ advice }) => advice.length > 0);
  if (advised.length > 0) lines.push('  What more would take:');
  for (const { field, advice } of advised) lines.push(...advice.map((text) => `    ${field}: ${text}`));
  return lines.join('\n');
}

function counted(name: string, counts: Readonly<Counts>): readonly string[] {
  return Object.entries(counts).map(([key, number]) => `${number} ${name} (${key})`);
}

function row(field: string, label: string, ...shares: readonly string[]): string {
  return `  ${field.padEnd(18)} ${label.padEnd(22)}${shares.map((share) => share.padStart(10)).join('')}`;
}

/** Rounded, but 0 % and 100 % mean none and all. */
function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded === 0 && share > 0) return '<1 %';
  return rounded === 100 && share < 1 ? '>99 %' : `${rounded} %`;
}
