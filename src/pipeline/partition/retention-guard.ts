import { messageOf } from '../../core/errors.ts';
import type { Failure } from '../../core/outcome.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { RetainedPartition, Source } from '../../core/source.ts';
import { partitionKey, type SourceRecord } from '../../core/record.ts';
import type { Partition } from './partition.ts';

export interface RetentionGuardOptions {
  readonly source: Pick<Source, 'retention'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** How long before the broker deletes a held record it is set aside; at most a tenth of the retention. */
  readonly marginMillis: number;
  partitions(): Iterable<Partition>;
  /** Whether anything waits for a person, or a lane has got nothing through for long. */
  anyWaits(): boolean;
  /** Ends what such lanes hold of these records, so that their offsets move on. */
  giveUp(which: (record: SourceRecord) => boolean, failure: Failure): void;
}

/**
 * Sees to it that the broker doesn't delete what such a lane holds: this process would still have it, but one that
 * restarts could not read it again.
 */
export interface RetentionGuard {
  start(): void;
  stop(): void;
  /** Seconds until the broker deletes a held record; 0: it has; `Infinity`: it won't, or nothing is held. */
  secondsLeft(): number;
}

const longestCheckMillis = 60_000;
const shortestCheckMillis = 250;
const urgentMillis = 2_000;
const unknownTime = -1;

export function createRetentionGuard(options: RetentionGuardOptions): RetentionGuard {
  const { source, clock, telemetry, marginMillis } = options;
  const checkMillis = Math.max(shortestCheckMillis, Math.min(longestCheckMillis, marginMillis / 4));
  /** Where partitions began at the last check: retention by size is known only by what it has deleted. */
  let before = new Map<string, { readonly earliest: number; readonly at: number }>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let left = Number.POSITIVE_INFINITY;

  function report(millis: number): void {
    const seconds = Math.max(0, Math.round(millis / 1_000));
    if (seconds === left) return;
    left = seconds;
    telemetry.emit({ kind: 'retention', secondsLeft: seconds });
  }

  /** Offsets that are deleted in a millisecond, as far as can be seen. */
  function deletionRate({ topic, partition, earliest }: RetainedPartition): number {
    const last = before.get(partitionKey({ topic, partition }));
    return last === undefined ? 0 : (earliest - last.earliest) / Math.max(1, clock.monotonic() - last.at);
  }

  function reachOf(retained: RetainedPartition): Reach {
    const { earliest, retentionMillis = Number.POSITIVE_INFINITY } = retained;
    const margin = Math.min(marginMillis, retentionMillis / 10);
    const rate = deletionRate(retained);
    return {
      millisLeft({ timestamp, offset }) {
        if (offset < earliest) return 0;
        // Of what has no time the broker takes that of its file, which nobody tells.
        const byAge = timestamp < 0 ? Number.POSITIVE_INFINITY : timestamp + retentionMillis - clock.now();
        return Math.min(byAge, rate > 0 ? (offset - earliest) / rate : Number.POSITIVE_INFINITY);
      },
      margin,
    };
  }

  /** True: more may have to be given up soon, since what has begun ends step by step. */
  async function checkHeld(held: readonly Partition[]): Promise<boolean> {
    const retained = (await source.retention?.(held)) ?? [];
    const reaches = new Map(
      retained.map((retainedPartition) => [partitionKey(retainedPartition), reachOf(retainedPartition)]),
    );
    const now = clock.monotonic();
    before = new Map(
      retained.map((retainedPartition) => [partitionKey(retainedPartition), { ...retainedPartition, at: now }]),
    );
    let soonest = Number.POSITIVE_INFINITY;
    let urgent = false;
    for (const { topic, partition, tracker } of held) {
      const timestamp = tracker.oldest() ?? unknownTime;
      const reach = reaches.get(partitionKey({ topic, partition }));
      if (reach === undefined) continue;
      const millis = reach.millisLeft({ timestamp, offset: tracker.watermark() });
      soonest = Math.min(soonest, millis);
      urgent ||= millis < reach.margin;
    }
    report(soonest);
    if (!urgent) return false;
    options.giveUp((record) => {
      const reach = reaches.get(partitionKey(record));
      return record.parked === undefined && reach !== undefined && reach.millisLeft(record) < reach.margin;
    }, reached);
    return true;
  }

  async function check(): Promise<boolean> {
    const held = options.anyWaits() ? [...options.partitions()].filter(({ tracker }) => tracker.size() > 0) : [];
    if (held.length > 0) return checkHeld(held);
    before.clear();
    report(Number.POSITIVE_INFINITY);
    return false;
  }

  async function tick(): Promise<void> {
    let urgent = false;
    try {
      urgent = await check();
    } catch (error) {
      telemetry.emit({ kind: 'warning', code: 'RETENTION_UNKNOWN', message: messageOf(error) });
    }
    if (!stopped) timer = setTimeout(() => void tick(), urgent ? Math.min(urgentMillis, checkMillis) : checkMillis);
  }

  return {
    start() {
      if (source.retention !== undefined) timer ??= setTimeout(() => void tick(), checkMillis);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
    secondsLeft: () => left,
  };
}

/** When a partition's retention reaches a record, and when that is too soon. */
interface Reach {
  millisLeft(record: Pick<SourceRecord, 'timestamp' | 'offset'>): number;
  readonly margin: number;
}

const reached: Failure = {
  code: 'RETENTION',
  message: 'It was still waiting for its lane shortly before the broker would have deleted the record.',
  fix: 'Fix the cause, then replay these dead letters.',
};
