import { expect } from 'vitest';
import type { ResolvedAudience } from '../../src/core/audience.ts';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import type { Delivery } from '../../src/core/delivery.ts';
import type { FinalOutcome } from '../../src/core/outcome.ts';
import type { ParkingStore } from '../../src/core/parked.ts';
import type { Clock } from '../../src/core/ports.ts';
import type { SourceRecord } from '../../src/core/record.ts';
import type { Destination } from '../../src/core/subscription.ts';
import type { TelemetryEvent } from '../../src/core/telemetry.ts';
import type { AudiencePort } from '../../src/pipeline/audience/audience-port.ts';
import type { Blockage, LaneSink } from '../../src/pipeline/lane/lane.ts';
import { createPipeline } from '../../src/pipeline/pipeline.ts';
import type { PipelineLimits } from '../../src/pipeline/pipeline-types.ts';
import { fakeRecord } from '../support/deliveries.ts';
import { type SimulatedSource, simulatedSource } from '../support/simulated-source.ts';

const roomy: PipelineLimits = {
  maxInFlightBytes: 10_000_000,
  maxInFlightRecordsPerPartition: 5_000,
  requestsPerLane: 2,
  conversionsLingerMillis: 1,
  commitIntervalMillis: 5,
  commitEveryRecords: 1_000,
  retentionMarginMillis: 3_600_000,
};

/** Nobody sleeps for long. */
export function quickClock(now: () => number): Clock {
  return { now, monotonic: now, sleep: (millis) => new Promise((resolve) => setTimeout(resolve, Math.min(millis, 2))) };
}

export function trackRecord(offset: number, event: string, partition = 0, more = ''): SourceRecord {
  const value = Buffer.from(JSON.stringify({ type: 'track', event, messageId: `${partition}-${offset}`, more }));
  return fakeRecord({ partition, offset, value });
}

/** Audiences that are found at once by their id, each with the sink that is made for it. */
export function knownAudiences(
  sinkOf: (id: string) => LaneSink,
  found: (id: string) => Promise<ResolvedAudience> = async (id) => ({ id, valueBased: false }),
): AudiencePort {
  return {
    lingerMillis: 0,
    handOverMillis: 0,
    search: (_caller, target) => ({
      found: found(target.kind === 'id' ? target.id : ''),
      blocked: () => undefined,
      wake: () => undefined,
      close: () => undefined,
    }),
    sending: (_destination, { id }) => ({ sink: sinkOf(id), quiet: async () => undefined }),
  };
}

export interface ManualSink extends LaneSink {
  /** Event ids in the order of their sending. */
  readonly sent: string[];
  /** Shut: calls wait. */
  shut: boolean;
  /** Said of the lane while it is shut. */
  blockage: Blockage | undefined;
  /** Calls that are under way and are not turned away. */
  waiting(): number;
}

const abandoned: FinalOutcome = {
  kind: 'rejected',
  failure: { code: 'ABANDONED', message: 'not ours' },
};

function isGone({ pending, origin }: Delivery): boolean {
  return pending.abandoned || origin?.removed !== undefined;
}

/** A lane's sink that a test opens and shuts. While shut and blocked, it can be turned away. */
export function manualSink(
  outcomeOf: (delivery: Delivery) => FinalOutcome = () => ({ kind: 'delivered' }),
): ManualSink {
  /** Calls under way, and what each was told to send back. */
  const waiting = new Set<{ rejected: Map<Delivery, FinalOutcome>; readonly deliveries: readonly Delivery[] }>();
  const sink: ManualSink = {
    sent: [],
    shut: false,
    blockage: undefined,
    waiting: () => [...waiting].filter(({ rejected }) => rejected.size === 0).length,
    blocked: () => (sink.shut ? sink.blockage : undefined),
    rejectWaiting(failure, which = () => true) {
      const outcome: FinalOutcome = { kind: 'rejected', failure };
      for (const { rejected, deliveries } of waiting) {
        if (deliveries.some(which)) for (const delivery of deliveries) rejected.set(delivery, outcome);
      }
    },
    async send(deliveries, signal) {
      const call = { rejected: new Map<Delivery, FinalOutcome>(), deliveries };
      waiting.add(call);
      while (sink.shut && deliveries.some((one) => !isGone(one) && !call.rejected.has(one))) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (signal.aborted) throw new Error('aborted');
      }
      waiting.delete(call);
      return deliveries.map((one) => {
        const rejected = call.rejected.get(one);
        if (rejected !== undefined) return rejected;
        if (one.pending.abandoned) return abandoned;
        const removed = one.origin?.removed;
        if (removed !== undefined) return { kind: 'rejected', failure: removed };
        sink.sent.push(one.eventId ?? '');
        return outcomeOf(one);
      });
    },
  };
  return sink;
}

export interface Harness {
  readonly pipe: ReturnType<typeof createPipeline>;
  readonly source: SimulatedSource;
  readonly letters: DeadLetter[];
  readonly events: TelemetryEvent[];
  readonly errors: Error[];
}

export function harness(options: {
  readonly destinations: readonly Destination[];
  readonly sinks?: Readonly<Record<string, LaneSink>>;
  readonly sinkFor?: (destination: () => Destination) => LaneSink;
  readonly records?: readonly SourceRecord[];
  readonly source?: SimulatedSource;
  readonly limits?: Partial<PipelineLimits>;
  readonly writeDeadLetters?: (letters: readonly DeadLetter[]) => Promise<void>;
  readonly parking?: ParkingStore;
  readonly openLetters?: () => Promise<void>;
  readonly audiences?: AudiencePort;
  /** Default: real time. */
  readonly now?: () => number;
}): Harness {
  const source = options.source ?? simulatedSource([{ topic: 'events', partition: 0, records: options.records ?? [] }]);
  const letters: DeadLetter[] = [];
  const events: TelemetryEvent[] = [];
  const errors: Error[] = [];
  const pipe = createPipeline({
    source,
    deadLetters: {
      open: options.openLetters ?? (async () => undefined),
      async write(list) {
        await options.writeDeadLetters?.(list);
        letters.push(...list);
      },
      async close() {},
    },
    ...(options.parking !== undefined && { parking: options.parking }),
    destinations: options.destinations,
    sinkFor(destination) {
      const { name } = destination();
      const sink = options.sinkFor?.(destination) ?? options.sinks?.[name];
      if (sink === undefined) expect.fail(`no sink for ${name}`);
      return sink;
    },
    ...(options.audiences !== undefined && { audiences: options.audiences }),
    decode: { envelope: [], maxRecordBytes: 1_000_000 },
    clock: quickClock(options.now ?? Date.now),
    telemetry: { emit: (event) => void events.push(event) },
    limits: { ...roomy, ...options.limits },
    failed: (error) => void errors.push(error),
  });
  return { pipe, source, letters, events, errors };
}
