import type { AudienceRequestTerms } from './audience.ts';
import type { Failure, FinalOutcome, Outcome } from './outcome.ts';
import type { ParkedTag } from './parked.ts';
import type { TopicPartition } from './ports.ts';
import type { SourceRecord } from './record.ts';

/** A record with deliveries on their way, and the partition that it came from. Held until each of them is final. */
export interface PendingRecord extends TopicPartition {
  /** The record, copied out of the source's buffers. To be asked for before it settles, and only where it is needed. */
  readonly record: SourceRecord;
  /** As the record's. */
  readonly parked: ParkedTag | undefined;
  /** One more delivery is on its way; `part`: of which subscription (`partOf`). */
  hold(part?: string): void;
  /** One delivery is final. The record settles when as many were released as were held. */
  release(part?: string): void;
  /** The partition went to another process: nothing of this record is ours any more, unsent work is dropped. */
  readonly abandoned: boolean;
}

/** The subscription that made a delivery; one object for all that it made. */
export interface Origin {
  /** Set once a reload took it out of the configuration: why nothing of it is sent any more. */
  readonly removed: Failure | undefined;
}

/** One payload on its way to Meta. */
export interface Delivery {
  readonly destination: string;
  /** The subscription's stable id. */
  readonly subscription: string;
  /** The action's key. */
  readonly action: string;
  /** Deliveries with the same key may share a request: everything that is not per event is part of it. */
  readonly batchKey: string;
  /**
   * `DeliveryText` of the event (conversions) or row (audiences), exactly as it is sent. A text that waits for a batch
   * is a string; its batch moves it, and takes it away when all of the batch is delivered.
   */
  body: string | Buffer;
  at?: number;
  readonly bytes: number;
  /** Conversions: the de-duplication key at Meta together with the event's name. */
  readonly eventId?: string;
  readonly eventName?: string;
  /** Unix milliseconds from which on the event isn't sent: Meta's limit less a margin for the way. */
  readonly expiresAt?: number;
  /** Conversions: sent along with the request; equal within a batch key. */
  readonly testEventCode?: string;
  /** As `testEventCode`; absent: the destination's. */
  readonly uploadTag?: string;
  /** Audiences: what the rows of one request share; equal within a batch key. */
  readonly terms?: AudienceRequestTerms;
  /** Absent: it can't be removed. */
  readonly origin?: Origin;
  readonly pending: PendingRecord;
}

/**
 * Sends deliveries of one batch key as one request and tells how it ended for each, in the same order and number.
 * Never throws for anything that a remote side does.
 */
export interface Sink {
  send(deliveries: readonly Delivery[], signal: AbortSignal): Promise<readonly Outcome[]>;
}

/**
 * Hears of each request that starts; what it returns is to be called when the request has ended, with the Unix
 * milliseconds until which it may still reach Meta; 0: it had a definite answer, or never left. Never called: nobody
 * knows, and it counts as under way.
 */
export type RequestWatch = (deliveries: readonly Delivery[]) => (aliveUntil: number) => void;

/** A sink that has dealt with everything that is not final. */
export interface FinalSink {
  send(deliveries: readonly Delivery[], signal: AbortSignal): Promise<readonly FinalOutcome[]>;
}

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
