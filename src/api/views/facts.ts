import type { ConfiguredDestination } from '../../config/destination.ts';
import type { Holds } from '../../connector/holds.ts';
import type { ConnectorInside } from '../../connector/inside.ts';
import type { AnswerOf } from '../server/handler.ts';
import type { Traffic } from '../traffic/traffic.ts';

/** What a connector tells of itself at any moment. */
export type ReportedFacts = Pick<
  ConnectorInside,
  | 'phase'
  | 'lanes'
  | 'partitions'
  | 'heldPartitions'
  | 'writeFailures'
  | 'waits'
  | 'inFlight'
  | 'parked'
  | 'matchQuality'
  | 'changedAudiences'
>;

/** What doesn't change while it runs. */
export interface Circumstances {
  /** Unix milliseconds. */
  now(): number;
  readonly startedAt: number;
  readonly version: string;
  readonly host: string;
  readonly graphUrl: string;
  readonly source: string;
  readonly deadLetters: string;
  /** Absent: the source has no consumer groups. */
  readonly group?: string;
  /** Where browsers reach its console, if that is said. */
  readonly opsUrl?: string;
  readonly maxInFlightBytes: number;
  /** The active ones. */
  destinations(): readonly ConfiguredDestination[];
}

/** Everything that pages show, of one process or of all workers of a run. */
export interface Facts extends ReportedFacts, Circumstances, Pick<ConnectorInside, 'refresh' | 'askAudience'> {
  readonly holds: Pick<Holds, 'of'>;
  readonly traffic: Traffic;
  /** The workers of the run; undefined: it is one process. */
  readonly workers?: readonly ShownWorker[];
}

/** Everything that answers of one process are made of. */
export type ConnectorFacts = Facts & ConnectorInside;

/** A worker of the run, as people see it. */
export type ShownWorker = NonNullable<AnswerOf<'status'>['workers']>[number];
