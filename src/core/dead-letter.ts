import type { Failure } from './outcome.ts';
import type { SourceRecord } from './record.ts';

/** A record, or what one subscription makes of it, that is set aside with the reason. */
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
  /** How often it was replayed and set aside again; absent: never, or the record's header says it. */
  readonly replayCount?: number;
  /** Keys of the people in the record, by which an erasure finds it. Absent: nobody was found in it. */
  readonly people?: readonly string[];
  /** When it was written, in Unix milliseconds. */
  readonly at: number;
}
