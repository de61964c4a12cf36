import type { TrafficNews } from '../api/traffic/news.ts';
import type { AskAudience } from '../connector/audience-facts.ts';
import type { Caller } from '../api/server/access.ts';
import type { RouteName } from '../api/contract/routes.ts';
import type { MetricValues } from '../observe/metrics.ts';
import type { Readiness } from '../observe/ops-options.ts';
import type { HoldOrder, RunHolds } from './run-holds.ts';
import type { WorkerFacts } from './worker-facts.ts';

/** What a worker is asked, by name, with what, and what it answers. */
export interface Questions {
  readonly figures: { readonly asked: undefined; readonly answer: Figures };
  readonly facts: { readonly asked: undefined; readonly answer: WorkerFacts };
  readonly reload: { readonly asked: undefined; readonly answer: boolean };
  /** New mappings can't be used, as the message says: one worker counts it, and tells of it, as if it had found that out. */
  readonly refused: { readonly asked: string; readonly answer: true };
  readonly hold: { readonly asked: HoldOrder; readonly answer: true };
  /** What Meta says of audiences, in their order. */
  readonly audiences: { readonly asked: readonly AudienceName[]; readonly answer: readonly ReturnType<AskAudience>[] };
  /** The answer is that of the route, or a `Refused`. */
  readonly call: { readonly asked: ApiCall; readonly answer: unknown };
}

export type Question = keyof Questions;

/** How a worker is. */
export interface Figures {
  readonly metrics: MetricValues;
  readonly readiness: Readiness;
  readonly facts: WorkerFacts;
}

interface AudienceName {
  readonly destination: string;
  readonly id: string;
}

/** A request to the API that the supervisor has let in. */
export interface ApiCall {
  readonly name: RouteName;
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  readonly caller: Caller;
}

/** To a worker. */
export type Order =
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question; readonly asked: unknown }
  /** Nobody waits for the answer any more. */
  | { readonly kind: 'drop'; readonly id: number }
  /** What people had stopped before it began. */
  | { readonly kind: 'held'; readonly holds: RunHolds }
  /** It is to tell of decisions as they are made, until it is to leave that. */
  | { readonly kind: 'read'; readonly stream: number; readonly query: unknown }
  | { readonly kind: 'leave'; readonly stream: number }
  /** It settles what is in flight, and ends. */
  | { readonly kind: 'stop' };

/** From a worker. */
export type Report =
  /** Events flow. */
  | { readonly kind: 'started' }
  | { readonly kind: 'news'; readonly news: TrafficNews }
  | { readonly kind: 'decision'; readonly stream: number; readonly decision: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly message: string };
