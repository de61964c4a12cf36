import { own } from '../core/json.ts';
import type { Failure } from '../core/outcome.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Destination } from '../core/subscription.ts';
import { classify } from '../meta/classify.ts';
import { conversionsRequest } from '../meta/conversions-request.ts';
import { readCredentials } from '../meta/credentials.ts';
import type { GraphClient } from '../meta/graph-client.ts';
import type { DecodeOptions } from '../pipeline/route/decode.ts';
import { planEvents } from '../pipeline/route/plan.ts';

/** What became of a test event. `not_sent`: the subscription makes nothing of it that goes to a pixel. */
export type TestEventResult =
  | { readonly kind: 'accepted'; readonly received: number }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'not_sent'; readonly message: string };

export interface TestEventOptions {
  readonly client: GraphClient;
  readonly decode: DecodeOptions;
  /** Unix milliseconds. */
  now(): number;
}

/** Sends what one subscription makes of an event to the Test events of the Events Manager, past the lane. */
export async function sendTestEvent(
  { client, decode, now }: TestEventOptions,
  destination: Destination,
  subscription: string,
  record: SourceRecord,
  testEventCode: string,
): Promise<TestEventResult> {
  const plans = [...planEvents(record, [destination], { decode }, now(), () => false)];
  const decisions = plans.flatMap((plan) => plan.decisions);
  const decision = decisions.find((each) => 'subscription' in each && each.subscription.id === subscription);
  if (decision === undefined) return { kind: 'not_sent', message: 'The trigger does not match the event.' };
  if ('failure' in decision && decision.failure !== undefined) return { kind: 'refused', failure: decision.failure };
  if (decision.kind !== 'deliver') return { kind: 'not_sent', message: 'Nothing of it goes to a pixel.' };
  const { settings } = destination;
  const credentials = readCredentials(settings);
  if ('failure' in credentials) return { kind: 'refused', failure: credentials.failure };
  const request = conversionsRequest(settings, [decision.ready], { testEventCode });
  const reply = await client.request({ ...request, ...credentials, signal: new AbortController().signal });
  const outcome = classify(reply, { useCase: 'ads_management', adAccountId: settings.adAccountId });
  if (outcome.kind !== 'delivered') return { kind: 'refused', failure: outcome.failure };
  return {
    kind: 'accepted',
    received: reply.kind === 'answered' ? Number(own(reply.json, 'events_received') ?? 0) : 0,
  };
}
