import type { LetGo, PendingRecord } from '../../core/delivery.ts';
import type { Failure } from '../../core/outcome.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { RejectionRateSettings } from '../../core/settings.ts';
import type { Blockage } from '../lane/lane.ts';
import { tooManyRejectedCode } from '../lane/rejection-halt.ts';
import type { HeldItem } from './held-work.ts';
import { createRejectionRate, rememberedOutcomes } from './rejection-rate.ts';

/**
 * The circuit breaker of one subscription. It opens when too much of the subscription is rejected. While it is open,
 * deliveries and dead letters of the subscription wait here, in order. From time to time some of them go as a probe,
 * and the breaker closes when a smaller share of them is rejected than opened it.
 */
export interface CircuitBreaker {
  /** Whether this one may go at once, which then counts as gone. If not, `submit` it. */
  tryAcquire(letGo: LetGo): boolean;
  /** Lets the item go, at once or when the breaker closes. */
  submit(item: HeldItem): void;
  /** Meta has it. */
  delivered(pending: PendingRecord): void;
  /** An earlier process has come to its end with one, which was rejected, or not as far as is known. */
  wasDone(rejected: boolean): void;
  /** A rejection before anything was sent. `item` writes its dead letter, at once or when the breaker closes. */
  rejected(item: HeldItem): void;
  /** Meta has refused what was let go. `item` as above. */
  refused(item: HeldItem): void;
  /** Since when it is open, and why. Undefined: it is closed. */
  blockage(): Blockage | undefined;
  /** Opens it for this reason until it is closed: no probe tries. */
  halt(failure: Failure): void;
  /** Closes it, and lets go what it holds. */
  close(): void;
  /** As `HeldWork.writeDeadLetters`. */
  writeDeadLetters(): void;
  /** As `HeldWork.rejectHeld`. */
  rejectHeld(which: (record: SourceRecord) => boolean, failure: Failure): void;
  /** Drops what was abandoned. */
  purge(): void;
  held(): number;
  /** Ends the timer of the probes. */
  stop(): void;
}

export interface CircuitBreakerOptions {
  /** The subscription's (`subscriptionKey`). */
  readonly key: string;
  readonly limits: RejectionRateSettings;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

const probeSize = 20;
const firstProbeMillis = 60_000;
const longestProbeMillis = 15 * 60_000;

export function createCircuitBreaker({ key, limits, clock, telemetry }: CircuitBreakerOptions): CircuitBreaker {
  const rejectionRate = createRejectionRate(limits);
  /** The position of the first outcome since it was closed last. */
  let first = 0;
  let held: HeldItem[] = [];
  let blockage: Blockage | undefined;
  let probe: { readonly awaited: Set<PendingRecord>; rejected: number; readonly size: number } | undefined;
  let probeMillis = firstProbeMillis;
  let timer: NodeJS.Timeout | undefined;
  let writesDeadLetters = false;

  function open(): void {
    const failure = tooManyRejected(key, rejectionRate.counts());
    blockage = { since: clock.monotonic(), failure };
    telemetry.emit({ kind: 'lane_blocked', lane: key, failure, nextProbeMillis: probeMillis });
    schedule();
  }

  function schedule(): void {
    clearTimeout(timer);
    timer = setTimeout(startProbe, probeMillis);
    timer.unref();
    probeMillis = Math.min(probeMillis * 2, longestProbeMillis);
  }

  function startProbe(): void {
    // Also when this probe never comes to its end, because a delivery of it expires or waits.
    schedule();
    // A letter has been decided on already: it would tell nothing new.
    const items = held.filter(({ isDeadLetter }) => !isDeadLetter).slice(0, probeSize);
    if (items.length === 0 || isMostlyRejected()) return;
    const going = new Set(items);
    held = held.filter((item) => !going.has(item));
    probe = { awaited: new Set(items.map(({ pending }) => pending)), rejected: 0, size: items.length };
    for (const item of items) item.go();
  }

  /** Of what came last while the breaker is open, too much was rejected before anything was sent. */
  function isMostlyRejected(): boolean {
    const latest = held.slice(-rememberedOutcomes);
    return latest.filter(({ isDeadLetter }) => isDeadLetter).length >= limits.share * latest.length;
  }

  /** An outcome while the breaker is open. True: it is one of a probe. */
  function countForProbe(pending: PendingRecord, rejected: boolean): boolean {
    if (probe === undefined || !probe.awaited.delete(pending)) return false;
    if (rejected) probe.rejected += 1;
    if (probe.awaited.size > 0) return true;
    const good = probe.rejected < limits.share * probe.size;
    probe = undefined;
    if (good) close();
    return true;
  }

  function close(): void {
    if (blockage === undefined) return;
    clearTimeout(timer);
    probe = undefined;
    blockage = undefined;
    probeMillis = firstProbeMillis;
    first += rejectionRate.latest() + 1;
    rejectionRate.reset();
    telemetry.emit({ kind: 'lane_opened', lane: key });
    const items = held;
    held = [];
    for (const item of items) {
      if (!item.isDeadLetter) goes(item.letGo);
      item.go();
    }
  }

  /** It counts as good until Meta refuses it. */
  function goes(letGo: LetGo | undefined): void {
    rejectionRate.observe(false);
    if (letGo !== undefined) letGo.position = first + rejectionRate.latest();
  }

  function refuse({ letGo }: HeldItem): boolean {
    const position = letGo?.position;
    return position !== undefined && position >= first && rejectionRate.refuse(position - first);
  }

  function rejection(item: HeldItem, observe: () => boolean): void {
    if (blockage === undefined) {
      if (observe()) open();
      item.go();
    } else if (countForProbe(item.pending, true) || writesDeadLetters) {
      item.go();
    } else {
      // When the breaker closes, its dead letter is written without being counted again.
      held.push(item);
    }
  }

  function tryAcquire(letGo: LetGo | undefined): boolean {
    if (blockage !== undefined) return false;
    goes(letGo);
    return true;
  }

  return {
    tryAcquire,
    submit(item) {
      if (tryAcquire(item.letGo)) item.go();
      else held.push(item);
    },
    delivered(pending) {
      if (blockage !== undefined) countForProbe(pending, false);
    },
    wasDone(rejected) {
      if (blockage === undefined && rejectionRate.observe(rejected)) open();
    },
    rejected: (item) => rejection(item, () => rejectionRate.observe(true)),
    refused: (item) => rejection(item, () => refuse(item)),
    blockage: () => blockage,
    halt(failure) {
      if (blockage !== undefined) return;
      blockage = { since: clock.monotonic(), failure };
      telemetry.emit({ kind: 'lane_blocked', lane: key, failure, nextProbeMillis: Number.POSITIVE_INFINITY });
    },
    close,
    writeDeadLetters() {
      // What the rate of rejections holds is kept: the whole topic could end up in the dead letters.
      if (blockage?.failure.code !== tooManyRejectedCode) return;
      writesDeadLetters = true;
      const items = held;
      held = items.filter(({ isDeadLetter }) => !isDeadLetter);
      for (const item of items) if (item.isDeadLetter) item.go();
    },
    rejectHeld(which, failure) {
      const items = held;
      held = [];
      for (const item of items) {
        if (!which(item.pending.record)) held.push(item);
        else if (item.reject === undefined) item.go();
        else item.reject(failure);
      }
    },
    purge() {
      const kept: HeldItem[] = [];
      for (const item of held) {
        if (item.pending.abandoned) item.drop();
        else kept.push(item);
      }
      held = kept;
    },
    held: () => held.length,
    stop: () => clearTimeout(timer),
  };
}

function tooManyRejected(key: string, counts: { readonly outcomes: number; readonly rejected: number }): Failure {
  const { outcomes, rejected } = counts;
  return {
    code: 'FUSE_BLOWN',
    message: `${rejected} of the last ${outcomes} events of subscription ${key} were rejected, so it is held: otherwise the whole topic could end up in the dead letters.`,
    fix: 'Look at the dead letters written so far, fix the mapping or the source, and send SIGHUP or restart.',
  };
}
