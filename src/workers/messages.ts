import type { LaneStatus } from '../core/lane-state.ts';
import type { MetricValues } from '../observe/metrics.ts';
import type { Readiness } from '../observe/ops-options.ts';

/** What a worker is asked, by name, and what it answers. */
export interface Answers {
  readonly figures: Figures;
  readonly reload: boolean;
}

export type Question = keyof Answers;

/** How a worker is. */
export interface Figures {
  readonly metrics: MetricValues;
  readonly lanes: readonly LaneStatus[];
  readonly readiness: Readiness;
  /** How many it reads. */
  readonly partitions: number;
}

/** To a worker. */
export type Order =
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }
  /** It settles what is in flight, and ends. */
  | { readonly kind: 'stop' };

/** From a worker. */
export type Report =
  /** Events flow. */
  | { readonly kind: 'started' }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly message: string };
