import type { Telemetry } from '../core/ports.ts';
import type { TelemetryEvent } from '../core/telemetry.ts';

/** What a run came to so far. Everything that was read is in one of the rest, or still in flight. */
export interface RunTotals {
  readonly read: Readonly<Record<string, number>>;
  /** Settled records, by topic. */
  readonly settled: Readonly<Record<string, number>>;
  /** By `destination/subscription`. */
  readonly delivered: Readonly<Record<string, number>>;
  /** By reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** By code, and the topics that they came from. */
  readonly deadLetters: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Where reading began, by topic: the furthest of its partitions. */
  readonly startedAt: Readonly<Record<string, number>>;
}

export interface TotalsObserver extends Telemetry {
  totals(): RunTotals;
}

/** Codes and topics are few; a limit all the same. */
const mostKeys = 1_000;
const others = '(others)';

export function createRunTotals(): TotalsObserver {
  const read = counter();
  const settled = counter();
  const delivered = counter();
  const skipped = counter();
  const deadLetters = new Map<string, ReturnType<typeof counter>>();
  const startedAt = new Map<string, number>();

  function count(event: TelemetryEvent): void {
    switch (event.kind) {
      case 'records_read':
        read.add(event.topic, event.count);
        break;
      case 'record_settled':
        settled.add(event.topic, event.count);
        break;
      case 'delivered':
        delivered.add(`${event.destination}/${event.subscription}`, event.count);
        break;
      case 'skipped':
        skipped.add(event.reason, event.count);
        break;
      case 'dead_letter': {
        const code = deadLetters.has(event.code) || deadLetters.size < mostKeys ? event.code : others;
        const topics = deadLetters.get(code) ?? counter();
        deadLetters.set(code, topics);
        topics.add(event.topic, 1);
        break;
      }
      case 'partition_assigned':
        startedAt.set(event.topic, Math.max(event.position, startedAt.get(event.topic) ?? 0));
        break;
      default:
    }
  }

  return {
    emit: count,
    totals: () => ({
      read: read.counts(),
      settled: settled.counts(),
      delivered: delivered.counts(),
      skipped: skipped.counts(),
      deadLetters: Object.fromEntries([...deadLetters].map(([code, topics]) => [code, topics.counts()])),
      startedAt: Object.fromEntries(startedAt),
    }),
  };
}

function counter() {
  const counts = new Map<string, number>();
  return {
    add(key: string, count: number): void {
      const known = counts.has(key) || counts.size < mostKeys ? key : others;
      counts.set(known, (counts.get(known) ?? 0) + count);
    },
    counts: (): Readonly<Record<string, number>> => Object.fromEntries(counts),
  };
}

export function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
