import type { PendingRecord } from '../../core/delivery.ts';
import type { Failure } from '../../core/outcome.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { FuseSettings } from '../../core/settings.ts';
import { createRejectionRate } from './rejection-rate.ts';

/** Something of a subscription that waits: a delivery that isn't sent, or a letter that isn't written. */
export interface HeldItem {
  readonly pending: PendingRecord;
  /** Rejected already; otherwise its outcome will be told. */
  readonly isLetter: boolean;
  /** Its way is free. */
  go(): void;
  /** It is nobody's any more. */
  drop(): void;
  /** Writes a letter in place of going, for this reason. Absent where it is one. */
  setAside?(failure: Failure): void;
}

/**
 * The valve of one subscription. Its fuse shuts it; then deliveries and letters of the subscription wait here, in
 * order. From time to time some go, and when less than the fuse's share of them is rejected, the valve opens.
 */
export interface CircuitBreaker {
  /** Whether one more may go at once. It counts as gone: otherwise it is to `submit`. */
  tryAcquire(): boolean;
  /** Lets the item go, at once or when the valve opens. */
  submit(item: HeldItem): void;
  delivered(): void;
  /** A rejection before anything was sent. `item` writes its letter, at once or when the valve opens. */
  rejected(item: HeldItem): void;
  /** Meta has refused what was let go. `item` as above. */
  refused(item: HeldItem): void;
  /** Since when it is shut (Unix milliseconds), and why; undefined: it is open. */
  blockage(): { readonly since: number; readonly failure: Failure } | undefined;
  close(): void;
  /** Ends what is held of these records: letters are written, all else becomes one, for this reason. */
  rejectHeld(which: (record: SourceRecord) => boolean, failure: Failure): void;
  /** Drops what was abandoned. */
  purge(): void;
  held(): number;
  stop(): void;
}

export interface CircuitBreakerOptions {
  readonly key: string;
  readonly settings: FuseSettings;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

const probeSize = 20;
const firstProbeMillis = 60_000;
const longestProbeMillis = 15 * 60_000;

export function createCircuitBreaker({ key, settings, clock, telemetry }: CircuitBreakerOptions): CircuitBreaker {
  const outcomes = createRejectionRate(settings);
  let held: HeldItem[] = [];
  let blocked: { readonly since: number; readonly failure: Failure } | undefined;
  let probe: { awaited: number; rejected: number; readonly size: number } | undefined;
  let probeMillis = firstProbeMillis;
  let timer: NodeJS.Timeout | undefined;

  function open(): void {
    const { outcomes: seen, rejected } = outcomes.counts();
    const failure: Failure = {
      code: 'FUSE_BLOWN',
      message: `Of the last ${seen} outcomes of subscription ${key} ${rejected} were rejections: it waits, so that the topic doesn't end in the dead letters.`,
      fix: 'Look at the dead letters written so far; mend the mapping or the source, then send SIGHUP, or restart.',
    };
    blocked = { since: clock.now(), failure };
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
    // Also when this one never comes to its end, because a delivery of it expires or waits.
    schedule();
    const items = held.splice(0, probeSize);
    if (items.length === 0) return;
    probe = { awaited: items.length, rejected: 0, size: items.length };
    for (const item of items) {
      item.go();
      if (item.isLetter) ofProbe(true);
    }
  }

  /** An outcome while the valve is shut. True: it is one of a probe. */
  function ofProbe(rejected: boolean): boolean {
    if (probe === undefined) return false;
    probe.awaited -= 1;
    if (rejected) probe.rejected += 1;
    if (probe.awaited > 0) return true;
    const good = probe.rejected < settings.share * probe.size;
    probe = undefined;
    if (good) close();
    return true;
  }

  function close(): void {
    if (blocked === undefined) return;
    clearTimeout(timer);
    probe = undefined;
    blocked = undefined;
    probeMillis = firstProbeMillis;
    outcomes.reset();
    telemetry.emit({ kind: 'lane_opened', lane: key });
    const items = held;
    held = [];
    for (const item of items) item.go();
  }

  function bad(item: HeldItem, observe: () => boolean): void {
    if (blocked === undefined) {
      if (observe()) open();
      item.go();
    } else if (ofProbe(true)) {
      item.go();
    } else {
      // When the valve opens its letter is written without being counted again.
      held.push(item);
    }
  }

  function tryAcquire(): boolean {
    if (blocked !== undefined) return false;
    outcomes.observe(false);
    return true;
  }

  return {
    tryAcquire,
    submit(item) {
      if (tryAcquire()) item.go();
      else held.push(item);
    },
    delivered() {
      if (blocked !== undefined) ofProbe(false);
    },
    rejected: (item) => bad(item, () => outcomes.observe(true)),
    refused: (item) => bad(item, outcomes.refuse),
    blockage: () => blocked,
    close,
    rejectHeld(which, failure) {
      const items = held;
      held = [];
      for (const item of items) {
        if (!which(item.pending.record)) held.push(item);
        else if (item.setAside === undefined) item.go();
        else item.setAside(failure);
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
