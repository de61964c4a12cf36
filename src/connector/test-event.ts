import { own } from '../core/json.ts';
import type { Failure } from '../core/outcome.ts';
import type { SourceRecord } from '../core/record.ts';
import type { DestinationSettings } from '../core/settings.ts';
import type { Destination } from '../core/subscription.ts';
import { classify } from '../meta/classify.ts';
import { conversionsRequest } from '../meta/conversions-request.ts';
import { readCredentials } from '../meta/credentials.ts';
import type { GraphClient, GraphRequest } from '../meta/graph-client.ts';
import { traceIdOf } from '../meta/graph-error.ts';
import type { GraphReply } from '../meta/graph-reply.ts';
import type { DecodeOptions } from '../pipeline/route/decode.ts';
import { planEvents } from '../pipeline/route/plan.ts';
import type { ReadyDelivery } from '../pipeline/route/prepare.ts';

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
  const { failure, answer } = await sendConversion(client, destination.settings, decision.ready, testEventCode);
  if (failure !== undefined) return { kind: 'refused', failure };
  return { kind: 'accepted', received: Number(own(answer?.body, 'events_received') ?? 0) };
}

/** What Meta, or something on the way, answered. */
export interface ShownAnswer {
  readonly status: number;
  /** Absent where it is no JSON. */
  readonly body?: unknown;
  readonly traceId?: string;
}

/** One request as it was sent, and what came of it. Accepted, if there is no failure. */
export interface SentRequest {
  readonly request: GraphRequest & { readonly body: Buffer };
  readonly answer?: ShownAnswer;
  readonly failure?: Failure;
}

/**
 * Sends one conversion now, past the lane: once, whatever comes.
 *
 * @param testEventCode Undefined: as the event and the destination say, which is for real if they say nothing.
 */
export async function sendConversion(
  client: GraphClient,
  settings: DestinationSettings,
  ready: ReadyDelivery,
  testEventCode?: string,
): Promise<SentRequest> {
  const request = conversionsRequest(settings, [ready], {
    ...ready,
    ...(testEventCode !== undefined && { testEventCode }),
  });
  const credentials = readCredentials(settings);
  if ('failure' in credentials) return { request, failure: credentials.failure };
  const reply = await client.request({ ...request, ...credentials, signal: new AbortController().signal });
  const answer = shownAnswer(reply);
  const sent = { request, ...(answer !== undefined && { answer }) };
  const outcome = classify(reply, { useCase: 'ads_management', adAccountId: settings.adAccountId });
  if (outcome.kind !== 'delivered') return { ...sent, failure: outcome.failure };
  const received = own(answer?.body, 'events_received');
  return received === 1 ? sent : { ...sent, failure: notCounted };
}

/** An answer of success says how many events it is for (Meta: Using the Conversions API). */
const notCounted: Failure = {
  code: 'NOT_COUNTED',
  message: 'The answer does not say that one event was received.',
  fix: 'Look at the answer: something between here and Meta may have given it.',
};

/** Undefined where there was none. */
export function shownAnswer(reply: GraphReply): ShownAnswer | undefined {
  if (reply.kind === 'failed') return undefined;
  const traceId = traceIdOf(reply);
  return {
    status: reply.status,
    ...(reply.json !== undefined && { body: reply.json }),
    ...(traceId !== undefined && { traceId }),
  };
}
