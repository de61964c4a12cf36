import type { AudienceRequestTerms } from './audience.ts';
import type { Failure, FinalOutcome, Outcome } from './outcome.ts';
import type { ParkedTag, SourceRecord, TopicPartition } from './record.ts';

/** A record with deliveries on their way, and the partition that it came from. Held until each of them is final. */
export interface PendingRecord extends TopicPartition {
  /** The record, copied out of the source's buffers. Ask for it before the record settles, and only if you need it. */
  readonly record: SourceRecord;
  /** As the record's. */
  readonly parked: ParkedTag | undefined;
  /** As the record's. */
  readonly timestamp: number;
  /** One more delivery is on its way; `key`: of which subscription (`subscriptionKey`). */
  hold(key?: string): void;
  /** One delivery is final. The record settles when as many were released as were held. */
  release(key?: string): void;
  /** The partition went to another process, which delivers this record: unsent work is dropped. */
  readonly abandoned: boolean;
}

/** The subscription that made a delivery; one object for all that it made. */
export interface Origin {
  /** Set when a reload has removed it from the configuration: why nothing of it is sent any more. */
  readonly removed: Failure | undefined;
}

/** What is counted once, however often its request is repeated. */
export interface Sending {
  /** It was in a request already. */
  sent?: boolean;
}

/** What the circuit breaker of its subscription has let go. */
export interface LetGo {
  /** Where it stands among the outcomes of the subscription. */
  position?: number | undefined;
}

/** One payload on its way to Meta. */
export interface Delivery extends Sending, LetGo {
  readonly destination: string;
  /** The subscription's stable id. */
  readonly subscription: string;
  /** The action's key. */
  readonly action: string;
  /** Deliveries with the same key may share a request: everything that is not per event is part of it. */
  readonly batchKey: string;
  /**
   * `EncodedBody` of the event (conversions) or row (audiences), exactly as it is sent. While it waits for a batch it
   * is a string; the batch moves it into its buffer, and removes it once all of the batch is delivered.
   */
  body: string | Buffer;
  at?: number;
  readonly bytes: number;
  /** Conversions: the de-duplication key at Meta together with the event's name. */
  readonly eventId?: string;
  readonly eventName?: string;
  /** Unix milliseconds from which on the event isn't sent: Meta's limit less a margin for the way. */
  readonly expiresAt?: number;
  /**
   * Conversions: when (Unix milliseconds) it was first in a request that Meta may have taken without our knowing. Before it
   * was parked: `pending.parked` says so.
   */
  inDoubtSince?: number;
  /** Conversions: sent along with the request; equal within a batch key. */
  readonly testEventCode?: string;
  /** As `testEventCode`; absent: the destination's. */
  readonly uploadTag?: string;
  /** Audiences: what the rows of one request share; equal within a batch key. */
  readonly terms?: AudienceRequestTerms;
  /** Audiences: of the change that it is a row of. */
  readonly change?: Sending;
  /** Audiences: the event has brought the id (`AudienceTarget`). */
  readonly fromEvent?: boolean;
  /** Absent: it can't be removed. */
  readonly origin?: Origin;
  readonly pending: PendingRecord;
}

/** Since when (Unix milliseconds) Meta may have the event; undefined: it surely doesn't. */
export function doubtOf({ inDoubtSince, pending }: Delivery): number | undefined {
  return pending.parked?.inDoubtSince ?? inDoubtSince;
}

/**
 * Sends deliveries of one batch key as one request and resolves with an outcome for each, in the same order. Never
 * throws for anything that a remote side does.
 */
export interface Sink {
  send(deliveries: readonly Delivery[], signal: AbortSignal): Promise<readonly Outcome[]>;
}

/**
 * Called at the start of each request. The function it returns is called when the request has ended, with the time
 * (by the monotonic clock) until which it may still reach Meta; 0: it had a definite answer, or was never sent. As long as
 * it isn't called the request counts as under way.
 */
export type RequestWatch = (deliveries: readonly Delivery[]) => (aliveUntil: number) => void;

/** The outcomes of those that are final, in place; undefined: of one that keeps failing alone. */
export type OutcomesSoFar = readonly (FinalOutcome | undefined)[];

/** A sink whose outcomes are final: it has waited, retried and narrowed down as far as that helps. */
export interface FinalSink {
  /** @param early Called at most once: when only deliveries are left that keep failing alone. No request is under way. */
  send(
    deliveries: readonly Delivery[],
    signal: AbortSignal,
    early?: (soFar: OutcomesSoFar) => void,
  ): Promise<readonly FinalOutcome[]>;
}
