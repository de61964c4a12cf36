import type { AudienceUpdate } from '../core/audience.ts';
import { own } from '../core/json.ts';
import type { SubscriptionDecision } from '../pipeline/route/plan.ts';
import { count, type SideCounts } from './subscription-diff.ts';

/** What is sent of an event; `parsed` once it is needed. */
export interface Sent {
  readonly eventId?: string;
  /** What is said of the request that it goes in, and not in the event itself. */
  readonly request?: RequestTerms;
  readonly text: string;
  parsed?: unknown;
}

interface RequestTerms {
  readonly dataset: string | undefined;
  readonly test_event_code: string | undefined;
  readonly upload_tag: string | undefined;
}

export function sentOf(decision: SubscriptionDecision | undefined): Sent | undefined {
  if (decision?.kind === 'deliver') {
    const { body, eventId, testEventCode, uploadTag } = decision.ready;
    const { pixelId } = decision.destination.settings;
    return {
      eventId,
      text: body,
      request: { dataset: pixelId, test_event_code: testEventCode, upload_tag: uploadTag },
    };
  }
  if (decision?.kind !== 'change') return undefined;
  const changes = decision.updates.map(({ target, changes: each }) => ({
    audience: target.kind === 'id' ? target.id : target.name,
    ...(target.kind === 'name' && { ad_account: target.adAccountId }),
    changes: each.map(({ operation, rows }) => ({ operation, rows })),
  }));
  return { text: JSON.stringify(changes) };
}

function parsedOf(sent: Sent): unknown {
  sent.parsed ??= JSON.parse(sent.text) as unknown;
  return sent.parsed;
}

/** Whether the events of both sides are one and the same, and go to the same place as the same thing. */
export function isSame(before: Sent, after: Sent): boolean {
  const [old, now] = [before.request, after.request];
  return (
    before.text === after.text &&
    old?.dataset === now?.dataset &&
    old?.test_event_code === now?.test_event_code &&
    old?.upload_tag === now?.upload_tag
  );
}

/** Everything of it in which two sides may differ. */
export function comparableOf(sent: Sent): unknown {
  const parsed = parsedOf(sent);
  return sent.request === undefined ? parsed : { ...sent.request, ...(parsed as object) };
}

/** Why the event, or a part of it, becomes a dead letter. */
export function codeOf(decision: SubscriptionDecision | undefined): string | undefined {
  if (decision?.kind === 'reject') return decision.failure.code;
  return decision?.kind === 'change' ? decision.failure?.code : undefined;
}

/** The name and id by which Meta knows the event again; undefined: nothing is sent to a pixel. */
export function identityOf(decision: SubscriptionDecision | undefined): string | undefined {
  if (decision?.kind !== 'deliver') return undefined;
  const { eventName, eventId } = decision.ready;
  return `${decision.destination.settings.pixelId ?? ''}\n${eventName}\n${eventId}`;
}

export function updatesOf(decision: SubscriptionDecision | undefined): readonly AudienceUpdate[] {
  return decision?.kind === 'change' ? decision.updates : [];
}

/** Counts one event of a side. */
export function countDecision(
  side: SideCounts,
  decision: SubscriptionDecision | undefined,
  sent: Sent | undefined,
): void {
  const code = codeOf(decision);
  if (code !== undefined) count(side.rejected, code);
  if (decision?.kind === 'skip') count(side.skipped, decision.reason);
  if (sent === undefined) return;
  side.sent += 1;
  for (const { changes } of updatesOf(decision)) {
    for (const { operation } of changes) count(side.audience, operation);
  }
  // Most events are about no money, and are then not read for it.
  if (decision?.kind === 'deliver' && sent.text.includes('"value":')) countValue(side, parsedOf(sent));
}

function countValue(side: SideCounts, event: unknown): void {
  const custom = own(event, 'custom_data');
  const [value, currency] = [own(custom, 'value'), own(custom, 'currency')];
  if (typeof value !== 'number') return;
  const day = new Date(Number(own(event, 'event_time')) * 1000).toISOString().slice(0, 10);
  const key = `${day} ${typeof currency === 'string' ? currency : '(no currency)'}`;
  const sum = side.sums.get(key) ?? { events: 0, value: 0 };
  sum.events += 1;
  sum.value += value;
  side.sums.set(key, sum);
}
