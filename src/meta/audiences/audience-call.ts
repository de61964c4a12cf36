import type { Outcome } from '../../core/outcome.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { RateLimitUsage } from '../../core/rate-limit.ts';
import type { Destination } from '../../core/subscription.ts';
import { type LaneNames, namesOf } from '../../core/telemetry.ts';
import { classify } from '../classify.ts';
import { readCredentials } from '../credentials.ts';
import type { GraphCall, GraphClient, GraphRequest } from '../graph-client.ts';
import type { AnsweredReply, GraphReply } from '../graph-reply.ts';
import { throttleScopeNames, type UseCase } from '../throttle-scope-names.ts';
import { usageOf } from '../usage.ts';

export interface AudienceCallOptions extends LaneNames {
  readonly client: GraphClient;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Hears of the rate limits on each answer that reports them; `scope` as in `throttleScopeNames`. */
  readonly onUsage?: (usage: RateLimitUsage & { readonly scope: string }) => void;
}

/** How a call ended that Meta did not do. */
export type Refused = Exclude<Outcome, { readonly kind: 'delivered' }>;

/** The answer, where Meta did what was asked; else the outcome. */
export type Answered = { readonly kind: 'answered'; readonly reply: AnsweredReply } | Refused;

/** The part of a destination that a call about audiences needs. */
export type Caller = Pick<Destination, 'name' | 'settings'>;

/** What Meta counts a call about an audience as. */
const useCase: UseCase = 'custom_audience';

/**
 * One call of the Graph API about audiences: with the destination's token, counted and classified. `rows`: how many
 * rows it carries.
 */
export async function audienceCall(
  options: AudienceCallOptions,
  { name, settings }: Caller,
  request: GraphRequest & Pick<GraphCall, 'maySend'>,
  rows: number,
  signal: AbortSignal,
): Promise<Answered> {
  const { client, lane, clock, telemetry } = options;
  const credentials = readCredentials(settings);
  if ('failure' in credentials) return { kind: 'blocked', failure: credentials.failure };
  const scopes = throttleScopeNames(settings, useCase);
  const startedAt = clock.monotonic();
  const reply = await client.request({ ...request, ...credentials, signal });
  const outcome = named(classify(reply, { useCase, adAccountId: settings.adAccountId }), scopes, settings.adAccountId);
  telemetry.emit({
    kind: 'request_finished',
    destination: name,
    lane,
    outcome: outcome.kind,
    deliveries: rows,
    bytes: request.body?.length ?? 0,
    durationMillis: clock.monotonic() - startedAt,
    ...(outcome.kind === 'delivered' ? {} : { failure: outcome.failure }),
  });
  reportUsage(reply, settings.adAccountId, scopes, options);
  if (outcome.kind !== 'delivered') return outcome;
  if (reply.kind === 'answered') return { kind: 'answered', reply };
  throw new Error('a request without an answer was classified as delivered');
}

function reportUsage(
  reply: GraphReply,
  adAccountId: string | undefined,
  scopes: Readonly<Record<string, string>>,
  options: AudienceCallOptions,
): void {
  const usage = reply.kind === 'answered' ? usageOf(reply.headers, { useCase, adAccountId }) : undefined;
  if (usage === undefined) return;
  options.telemetry.emit({ kind: 'usage', ...namesOf(options), percent: usage.percent });
  for (const { scope, ...rest } of usage.scopes) options.onUsage?.({ ...rest, scope: scopes[scope] ?? scope });
}

/** The outcome with the names of this destination in it: of the rate limit, and of the ad account in a link. */
function named(outcome: Outcome, scopes: Readonly<Record<string, string>>, adAccountId: string | undefined): Outcome {
  if (outcome.kind === 'throttled') return { ...outcome, scope: scopes[outcome.scope] ?? outcome.scope };
  if (outcome.kind !== 'blocked' || adAccountId === undefined || outcome.failure.fix === undefined) return outcome;
  const fix = outcome.failure.fix.replaceAll('AD_ACCOUNT_ID', adAccountId.replace(/^act_/, ''));
  return { ...outcome, failure: { ...outcome.failure, fix } };
}
