import type { Failure } from './outcome.ts';
import type { SourceRecord } from './record.ts';

/** A record, or one subscription's part of it, that is set aside with the reason. */
export interface DeadLetter {
  readonly record: SourceRecord;
  readonly failure: Failure;
  /** Absent when the record was undecodable. */
  readonly destination?: string;
  readonly subscription?: string;
  readonly action?: string;
  readonly eventId?: string;
  /** Requests that were made with this delivery in them. */
  readonly attempts?: number;
  /** How often it came back by a replay and was set aside again; absent: never, or it is the record's header. */
  readonly hops?: number;
  /** Unix milliseconds of the writing. */
  readonly at: number;
}
