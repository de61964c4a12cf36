import type { Failure } from '../core/outcome.ts';
import type { Clock, Telemetry } from '../core/ports.ts';
import type { Destination } from '../core/subscription.ts';
import { audienceLaneName } from '../core/lane-name.ts';
import { type AudienceDetails, audienceDetails } from '../meta/audiences/audience-details.ts';
import type { GraphClient } from '../meta/graph-client.ts';

/** What Meta says of an audience, and when it was asked (Unix milliseconds). */
interface KnownFacts {
  readonly kind: 'known';
  readonly at: number;
  readonly details: AudienceDetails;
}

/** `before`: what it said when it last answered; its name doesn't go because a token is refused. */
export type AudienceFacts =
  | KnownFacts
  | { readonly kind: 'unknown'; readonly at: number; readonly failure: Failure; readonly before?: KnownFacts };

export interface AudienceFactsOptions {
  readonly client: GraphClient;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  destinationOf(name: string): Destination | undefined;
}

/** What Meta said last; undefined: it is being asked. Each audience is asked about now and then, as long as somebody wants to know. */
export type AskAudience = (destination: string, id: string) => AudienceFacts | undefined;

/** Meta counts the people of an audience anew a few times a day. */
const freshMillis = 5 * 60_000;
const mostKnown = 1_000;
const mostAtOnce = 4;

export function createAudienceFacts(options: AudienceFactsOptions): AskAudience {
  const { client, clock, telemetry, destinationOf } = options;
  const known = new Map<string, AudienceFacts>();
  const asking = new Set<string>();
  const never = new AbortController().signal;

  async function ask(destination: Destination, id: string): Promise<void> {
    asking.add(id);
    const call = { client, lane: audienceLaneName(id), clock, telemetry };
    const answer = await audienceDetails(call, destination, id, never);
    const at = clock.now();
    if (known.size >= mostKnown) known.clear();
    if (answer.kind === 'found') known.set(id, { kind: 'known', at, details: answer.details });
    else known.set(id, { kind: 'unknown', at, failure: answer.failure, ...lastKnown(known.get(id)) });
    asking.delete(id);
  }

  return (name, id) => {
    const facts = known.get(id);
    const destination = destinationOf(name);
    const isFresh = facts !== undefined && clock.now() - facts.at < freshMillis;
    if (!isFresh && destination !== undefined && !asking.has(id) && asking.size < mostAtOnce) void ask(destination, id);
    return facts;
  };
}

function lastKnown(facts: AudienceFacts | undefined): { readonly before?: KnownFacts } {
  const before = facts?.kind === 'known' ? facts : facts?.before;
  return before === undefined ? {} : { before };
}
