import type { ConfiguredDestination } from '../../config/destination.ts';
import type { ConnectorInside } from '../../connector/inside.ts';
import type { Traffic } from '../traffic/traffic.ts';

/** Everything that answers are made of. */
export interface Facts extends ConnectorInside {
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
  readonly traffic: Traffic;
  /** The active ones. */
  destinations(): readonly ConfiguredDestination[];
}
