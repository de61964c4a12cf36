import { bufferPool } from '../core/buffer-pool.ts';
import type { Delivery, Sink } from '../core/delivery.ts';
import { ConnectorError } from '../core/errors.ts';
import { own } from '../core/json.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Clock, Telemetry } from '../core/ports.ts';
import type { RateLimitUsage } from '../core/rate-limit.ts';
import type { Destination } from '../core/subscription.ts';
import { answeredByAnother, classify } from './classify.ts';
import { conversionsRequest, maxEventsPerRequest } from './conversions-request.ts';
import { readCredentials } from './credentials.ts';
import type { GraphClient } from './graph-client.ts';
import { traceIdOf } from './graph-error.ts';
import type { GraphReply } from './graph-reply.ts';
import { tellSent } from './tell-sent.ts';
import { throttleScopeNames, type UseCase } from './throttle-scope-names.ts';
import { type Caller, usageOf } from './usage.ts';

export interface ConversionsSinkOptions {
  readonly client: GraphClient;
  /** As it is configured at the moment of the call. */
  destination(): Pick<Destination, 'name' | 'settings'>;
  /** The lane's name in telemetry. */
  readonly lane: string;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Hears of the rate limits on each answer that reports them; `scope` as in `throttleScopeNames`. */
  readonly onUsage?: (usage: RateLimitUsage & { readonly scope: string }) => void;
}

/** What Meta counts a call with events as (Meta: Using the Conversions API). */
const useCase: UseCase = 'ads_management';

/**
 * Sends conversions: one call is one request of at most 1,000 events with one batch key.
 * Meta takes or refuses a request as a whole (Meta: Using the Conversions API), so every delivery gets the same
 * outcome. The scope of a throttled one is a name of `throttleScopeNames`.
 */
export function conversionsSink(options: ConversionsSinkOptions): Sink {
  const { client, lane, clock, telemetry } = options;
  // Of the lane's gate, which stays with the limits that it was made for.
  const scopes = throttleScopeNames(options.destination().settings, useCase);

  async function request(deliveries: readonly Delivery[], first: Delivery, signal: AbortSignal): Promise<Outcome> {
    const { name, settings } = options.destination();
    const credentials = readCredentials(settings);
    if ('failure' in credentials) return { kind: 'blocked', failure: credentials.failure };
    // The code of these events, which were prepared with the one of their time: not what is set now.
    const { testEventCode: _, ...tags } = settings;
    const built = conversionsRequest(tags, deliveries, first);
    const startedAt = clock.monotonic();
    tellSent(deliveries, telemetry);
    const reply = await client.request({ ...built, ...credentials, signal });
    const caller = { useCase, adAccountId: settings.adAccountId };
    const outcome = scoped(outcomeOf(reply, deliveries.length, caller), scopes);
    const bytes = built.body.length;
    // Meta has read all of it. After any other answer some may still be on its way out of this process.
    if (outcome.kind === 'delivered') bufferPool.release(built.body);
    telemetry.emit({
      kind: 'request_finished',
      destination: name,
      lane,
      outcome: outcome.kind,
      deliveries: deliveries.length,
      bytes,
      durationMillis: clock.monotonic() - startedAt,
      ...(outcome.kind === 'delivered' ? {} : { failure: outcome.failure }),
    });
    reportUsage(reply, caller);
    return outcome;
  }

  function reportUsage(reply: GraphReply, caller: Caller): void {
    const usage = reply.kind === 'answered' ? usageOf(reply.headers, caller) : undefined;
    if (usage === undefined) return;
    telemetry.emit({ kind: 'usage', lane, percent: usage.percent });
    for (const { scope, ...rest } of usage.scopes) options.onUsage?.({ ...rest, scope: scopes[scope] });
  }

  return {
    send: async (deliveries, signal) => {
      const first = deliveries[0];
      if (first === undefined) return [];
      if (deliveries.length > maxEventsPerRequest) {
        throw new ConnectorError('BATCH_TOO_LARGE', `A request takes at most ${maxEventsPerRequest} events.`);
      }
      const outcome = await request(deliveries, first, signal);
      return deliveries.map(() => outcome);
    },
  };
}

/** HTTP 200 is not success until Meta says that it received as many events as were sent. */
function outcomeOf(reply: GraphReply, sent: number, caller: Caller): Outcome {
  const outcome = classify(reply, caller);
  if (outcome.kind !== 'delivered' || reply.kind === 'failed') return outcome;
  const received = Number(own(reply.json, 'events_received') ?? Number.NaN);
  if (received === sent) return outcome;
  const ofAnother = Number.isNaN(received) ? answeredByAnother(reply) : undefined;
  if (ofAnother !== undefined) return ofAnother;
  const fbtraceId = traceIdOf(reply);
  return {
    kind: 'retryable',
    ambiguous: true,
    halve: false,
    failure: {
      code: 'EVENTS_RECEIVED_MISMATCH',
      message: `Meta answered success, but names ${Number.isNaN(received) ? 'no number' : received} of ${sent} events as received.`,
      fix: 'Nothing: the connector sends them again; Meta leaves out those that it has, by event_id.',
      meta: { status: reply.status, ...(fbtraceId === undefined ? {} : { fbtraceId }) },
    },
  };
}

function scoped(outcome: Outcome, names: Readonly<Record<string, string>>): Outcome {
  return outcome.kind === 'throttled' ? { ...outcome, scope: names[outcome.scope] ?? outcome.scope } : outcome;
}
