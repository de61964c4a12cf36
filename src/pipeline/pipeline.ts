import { ConnectorError, messageOf } from '../core/errors.ts';
import type { Clock, DeadLetterQueue, Source, Telemetry } from '../core/ports.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Destination } from '../core/subscription.ts';
import { type AudiencePort, type AudienceWork, audiences, noAudiences } from './audience/audiences.ts';
import type { ChangeEnd } from './audience/lane.ts';
import { blockedLanes } from './blocked-lanes.ts';
import { committer } from './committer.ts';
import { deadLetterWriter } from './dead-letter-writer.ts';
import type { DecodeOptions } from './decode.ts';
import { flow } from './flow.ts';
import { intake } from './intake.ts';
import { type Blockage, type Lane, type LaneSink, lane } from './lane.ts';
import type { Partition } from './partition.ts';
import { router } from './router.ts';
import { settlement } from './settlement.ts';
import { tally } from './tally.ts';

export interface PipelineOptions {
  readonly source: Source;
  readonly deadLetters: DeadLetterQueue;
  readonly destinations: readonly Destination[];
  /** The lane's sink, with everything around it that makes its outcomes final. */
  sinkFor(destination: Destination): LaneSink;
  /** Needed where a subscription changes audiences. */
  readonly audiences?: AudiencePort;
  readonly decode: DecodeOptions;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly limits: PipelineLimits;
  /** Which parts (`partOf`) of a record are to be delivered. Default: all. */
  readonly wants?: (record: SourceRecord, part: string) => boolean;
  /** False: no subscription is stopped because too much of it is rejected. Default true. */
  readonly fuses?: boolean;
  /** Something is wrong with the product or its source: stop the process. */
  failed(error: Error): void;
}

export interface PipelineLimits {
  readonly maxInFlightBytes: number;
  readonly maxInFlightRecordsPerPartition: number;
  readonly requestsPerLane: number;
  readonly conversionsLingerMillis: number;
  readonly commitIntervalMillis: number;
  readonly commitEveryRecords: number;
}

/** From the source's records to commits. */
export interface Pipeline {
  start(): Promise<void>;
  /**
   * Everything that the source had when it was finite, or when it was asked, is settled. Resolves then; rejects with a
   * `ConnectorError` `PARTITION_HELD` when only what a person must decide about is left.
   */
  finished(): Promise<void>;
  /**
   * Reads no more, sends what is batched, waits until all is settled or waits for a person, or `deadlineMillis` passed;
   * commits and leaves. True when everything that was read is settled. A second call gets the answer of the first.
   */
  stop(deadlineMillis: number): Promise<boolean>;
  inFlight(): { readonly records: number; readonly bytes: number; readonly deliveries: number };
  /** Every assigned partition was read to the end that was last heard of. */
  caughtUp(): boolean;
  /** What waits for a person: lanes, and subscriptions of which too much is rejected. */
  blocked(): readonly (Blockage & { readonly lane: string })[];
  /** Seconds until every lane waits for a blocked one; `Infinity`: never, as things are. */
  windowSecondsLeft(): number;
  /** Something was mended, perhaps: blocked lanes try at once, and what a person had to look at goes on. */
  resume(): void;
}

const pollMillis = 20;
const lookMillis = 1_000;

export function pipeline(options: PipelineOptions): Pipeline {
  const { source, clock, telemetry, limits } = options;
  const partitions = new Map<string, Partition>();
  const letters = deadLetterWriter(options.deadLetters, clock, telemetry);
  const counts = tally(telemetry);
  const lanes = new Map<Destination, Lane>();
  let sourceEnded = false;
  let opening: Promise<void> | undefined;
  /** The dead letters are open, so that something may have been written. */
  let started = false;
  let stopped: Promise<boolean> | undefined;
  let looking: NodeJS.Timeout | undefined;

  const bounds = flow({
    source,
    telemetry,
    maxBytes: limits.maxInFlightBytes,
    maxRecordsPerPartition: limits.maxInFlightRecordsPerPartition,
    partitions: () => partitions.values(),
  });
  const commits = committer({
    source,
    telemetry,
    intervalMillis: limits.commitIntervalMillis,
    everyRecords: limits.commitEveryRecords,
    partitions: () => partitions.values(),
  });
  const ends = settlement({
    destinations: options.destinations,
    letters,
    bounds,
    tally: counts,
    clock,
    telemetry,
    fuses: options.fuses ?? true,
    halt: (destination) => lanes.get(destination)?.halt(),
    resume: (destination) => lanes.get(destination)?.resume(),
  });
  for (const destination of options.destinations) {
    const { batch } = destination.settings;
    const one = lane({
      name: destination.name,
      destination: destination.name,
      sink: options.sinkFor(destination),
      concurrency: limits.requestsPerLane,
      maxCount: batch.maxEvents,
      maxBytes: batch.maxBytes,
      lingerMillis: batch.lingerMillis ?? limits.conversionsLingerMillis,
      telemetry,
      settled: (deliveries, outcomes) => ends.settled(destination, deliveries, outcomes),
      dropped: ends.dropped,
      failed: (error) => options.failed(asError(error)),
    });
    lanes.set(destination, one);
  }
  const changes = audiences({
    ...(options.audiences ?? noAudiences),
    clock,
    telemetry,
    took: bounds.took,
    gaveBack: bounds.gaveBack,
    counted: countChange,
    done: ends.changed,
    failed: (error) => options.failed(asError(error)),
  });
  const routing = router({
    destinations: options.destinations,
    decode: options.decode,
    clock,
    telemetry,
    tally: counts,
    deliver(destination, delivery) {
      const one = lanes.get(destination);
      if (one !== undefined) ends.deliver(one, delivery);
    },
    changeAudiences: (work) => ends.admit(work, () => changes.offer(work)),
    setAside: ends.setAside,
  });
  const records = intake({
    partitions,
    routing,
    ...(options.wants !== undefined && { wants: options.wants }),
    bounds,
    tally: counts,
    telemetry,
    settled: commits.settled,
    abandoned() {
      for (const one of lanes.values()) one.purge();
      changes.recheck();
      ends.purge();
    },
  });
  const watch = blockedLanes({
    lanes,
    audiences: changes,
    bounds,
    clock,
    telemetry,
    anyBlocked: () => blocked().length > 0,
  });

  function blocked() {
    const ofLanes = [...lanes.values()].flatMap((one) => {
      const blockage = one.blocked();
      return blockage === undefined ? [] : [{ lane: one.name, ...blockage }];
    });
    return [...ofLanes, ...changes.blockages(), ...ends.blockages()];
  }

  function countChange({ destination, subscription }: AudienceWork, end: ChangeEnd['kind']): void {
    const names = { destination: destination.name, subscription: subscription.id };
    if (end === 'delivered') counts.delivered({ ...names, action: subscription.action.key });
    else if (end === 'superseded') counts.skipped({ ...names, reason: 'superseded' });
  }

  function drain(): void {
    for (const one of lanes.values()) one.drain();
    changes.drain();
  }

  const recordsInFlight = () => sumOf(partitions.values(), (partition) => partition.tracker.size());
  const deliveriesInFlight = () => sumOf(lanes.values(), (one) => one.size()) + changes.size() + ends.held();
  const allSettled = () =>
    recordsInFlight() === 0 && letters.idle() && ends.held() === 0 && changes.idle() && everyLane((one) => one.idle());
  /** Nothing but what waits for a person is left. */
  const allStuck = () => letters.idle() && changes.stuck() && everyLane((one) => one.idle() || one.stuck());
  const everyLane = (holds: (one: Lane) => boolean) => [...lanes.values()].every(holds);
  const caughtUp = () => [...partitions.values()].every((one) => one.end !== undefined && one.readTo >= one.end);

  async function finished(): Promise<void> {
    // After a stop nobody waits for it any more, and its polling must not keep the process alive.
    while (stopped === undefined) {
      if (allSettled()) {
        const held = source.held?.() ?? [];
        if (sourceEnded || (caughtUp() && source.ready())) return;
        if (held.length > 0 && caughtUp()) throw heldBack(held.map(({ reason }) => reason));
      }
      await clock.sleep(pollMillis);
    }
  }

  async function stop(deadlineMillis: number): Promise<boolean> {
    const deadline = clock.now() + deadlineMillis;
    await attempt('STOP_READING', () => source.quiesce());
    drain();
    while (!allSettled() && !allStuck() && clock.now() < deadline) await clock.sleep(pollMillis);
    const clean = allSettled();
    clearInterval(looking);
    for (const one of lanes.values()) one.abort();
    changes.abort();
    letters.abort();
    ends.close();
    commits.stop();
    await commits.flush();
    await attempt('STOP_SOURCE', () => source.stop());
    const closing = attempt('STOP_DEAD_LETTERS', async () => {
      await opening?.catch(() => undefined);
      await options.deadLetters.close();
    });
    // A place that doesn't answer may take long to be opened, and holds nothing that would have to be closed.
    if (started) await closing;
    return clean;
  }

  /** A step of the stop that fails must not keep the others from being taken. */
  async function attempt(code: string, step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      telemetry.emit({ kind: 'warning', code, message: messageOf(error) });
    }
  }

  return {
    async start() {
      opening = options.deadLetters.open();
      await opening;
      started = true;
      if (stopped !== undefined) return;
      commits.start();
      looking = setInterval(watch.look, lookMillis);
      await source.start({
        assigned: guarded(records.assigned),
        lost: guarded(records.lost),
        batch: guarded(records.batch),
        ended() {
          sourceEnded = true;
          drain();
        },
        failed: options.failed,
      });
    },
    finished,
    stop(deadlineMillis) {
      stopped ??= stop(deadlineMillis);
      return stopped;
    },
    inFlight: () => ({ records: recordsInFlight(), bytes: bounds.bytes(), deliveries: deliveriesInFlight() }),
    caughtUp,
    blocked,
    windowSecondsLeft: watch.secondsLeft,
    resume() {
      for (const one of lanes.values()) one.wake();
      changes.wake();
      changes.resume();
      ends.resume();
    },
  };

  /** A bug in routing must end the process, not leave a hole that is committed over. */
  function guarded<A extends readonly unknown[]>(handler: (...given: A) => void): (...given: A) => void {
    return (...given) => {
      try {
        handler(...given);
      } catch (error) {
        options.failed(asError(error));
      }
    };
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function heldBack(reasons: readonly string[]): ConnectorError {
  return new ConnectorError('PARTITION_HELD', `Everything else is settled, but ${reasons.join('; ')}.`);
}

function sumOf<T>(items: Iterable<T>, number: (item: T) => number): number {
  let sum = 0;
  for (const item of items) sum += number(item);
  return sum;
}
