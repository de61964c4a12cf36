import { bugCode } from '../../core/bug.ts';
import type { DeadLetter } from '../../core/dead-letter.ts';
import type { LetGo, PendingRecord } from '../../core/delivery.ts';
import type { Telemetry } from '../../core/ports.ts';
import type { SourceRecord } from '../../core/record.ts';
import { subscriptionKey } from '../../core/subscription-key.ts';
import type { CircuitBreakers } from '../hold/circuit-breakers.ts';
import type { HeldItem } from '../hold/held-work.ts';
import { isCounted } from '../lane/rejection-report.ts';
import type { Backpressure } from '../partition/backpressure.ts';
import type { DeadLetterWriter } from './dead-letter-writer.ts';

export interface SetAsideOptions {
  readonly deadLetterWriter: DeadLetterWriter;
  readonly breakers: Pick<CircuitBreakers, 'of'>;
  readonly backpressure: Pick<Backpressure, 'acquire' | 'release'>;
  readonly telemetry: Telemetry;
  /** Of a record that is replayed: the entries that it is about (`entriesText`). What fails of it fails for those only. */
  entries?(record: SourceRecord): string | undefined;
}

/** Sets records aside as dead letters, unless their subscription's circuit breaker holds them. */
export interface SetAside {
  /** Rejected before anything was sent. */
  rejected(deadLetter: DeadLetter, pending: PendingRecord): void;
  /** What was let go was refused by Meta. */
  refused(deadLetter: DeadLetter, pending: PendingRecord, letGo: LetGo): void;
  /** Writes it whatever the circuit breaker says. */
  write(deadLetter: DeadLetter, pending: PendingRecord): void;
  /** A dead letter that isn't written yet. */
  held(deadLetter: DeadLetter, pending: PendingRecord): HeldItem;
}

/** The objects of a dead letter, beside its record, which is in flight already: of a record there may be thousands. */
const overheadBytes = 1_000;

/** What a dead letter takes while it waits. One of several events has a copy of its own. */
function bytesOf({ record }: DeadLetter): number {
  return overheadBytes + (record.event === undefined ? 0 : (record.value?.length ?? 0));
}

export function createSetAside(options: SetAsideOptions): SetAside {
  const { deadLetterWriter, breakers, backpressure, telemetry } = options;

  function write(given: DeadLetter, pending: PendingRecord): void {
    const entries = given.failure.entries ?? options.entries?.(given.record);
    const deadLetter = entries === undefined ? given : { ...given, failure: { ...given.failure, entries } };
    const { destination = '', subscription = '', failure } = deadLetter;
    const field = failure.field === undefined ? {} : { field: failure.field };
    const { topic, partition, offset, event } = deadLetter.record;
    if (failure.code === bugCode) {
      telemetry.emit({ kind: 'bug', topic, partition, offset, message: failure.message });
    }
    const { code, message, fix } = failure;
    const advice = fix === undefined ? {} : { fix };
    const of = { destination, subscription, code, message, ...advice, ...field };
    telemetry.emit({
      kind: 'dead_letter',
      ...of,
      topic,
      partition,
      offset,
      ...(event !== undefined && { event: event.index }),
    });
    const bytes = bytesOf(deadLetter);
    backpressure.acquire(bytes);
    deadLetterWriter.add(deadLetter, pending, () => {
      backpressure.release(bytes);
      pending.release(subscriptionKey(destination, subscription));
    });
  }

  function held(deadLetter: DeadLetter, pending: PendingRecord): HeldItem {
    const key = subscriptionKey(deadLetter.destination, deadLetter.subscription);
    const bytes = bytesOf(deadLetter);
    backpressure.acquire(bytes);
    return {
      pending,
      isDeadLetter: true,
      go() {
        backpressure.release(bytes);
        write(deadLetter, pending);
      },
      drop() {
        backpressure.release(bytes);
        pending.release(key);
      },
    };
  }

  /** Undefined: it is written whatever has been rejected before. */
  function breakerOf({ destination, subscription, failure }: DeadLetter) {
    return isCounted(failure) ? breakers.of(destination, subscription) : undefined;
  }

  return {
    rejected(deadLetter, pending) {
      const breaker = breakerOf(deadLetter);
      if (breaker === undefined) write(deadLetter, pending);
      else breaker.rejected(held(deadLetter, pending));
    },
    refused(deadLetter, pending, letGo) {
      const breaker = breakerOf(deadLetter);
      if (breaker === undefined) write(deadLetter, pending);
      else breaker.refused({ ...held(deadLetter, pending), letGo });
    },
    write,
    held,
  };
}
