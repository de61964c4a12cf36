import type { ParkingPlace } from '../core/parked.ts';
import type { Clock, DeadLetterQueue, Source, Telemetry } from '../core/ports.ts';
import type { SourceRecord } from '../core/record.ts';
import { changesAudiences, type Destination } from '../core/subscription.ts';
import { type AudiencePort, type AudienceWork, audiences, noAudiences } from './audience/audiences.ts';
import { handOver } from './audience/hand-over.ts';
import type { ChangeEnd } from './audience/lane.ts';
import { blockedLanes } from './blocked-lanes.ts';
import { committer } from './committer.ts';
import { deadLetterWriter } from './dead-letter-writer.ts';
import type { DecodeOptions } from './decode.ts';
import { ending } from './ending.ts';
import { flow } from './flow.ts';
import { intake } from './intake.ts';
import type { Blockage, LaneSink } from './lane.ts';
import { lanes } from './lanes.ts';
import { type Parking, parking } from './parking/parking.ts';
import { remainderOf, wantedOf } from './parking/wanted.ts';
import type { Partition } from './partition.ts';
import { retentionGuard } from './retention-guard.ts';
import { type Narrowing, router } from './router.ts';
import { settlement } from './settlement.ts';
import { tally } from './tally.ts';

export interface PipelineOptions {
  readonly source: Source;
  readonly deadLetters: DeadLetterQueue;
  /** For the destinations that park; absent: they hold. */
  readonly parking?: ParkingPlace;
  readonly destinations: readonly Destination[];
  /**
   * The sink of a lane, with everything around it that makes its outcomes final. `destination`: as it is configured at
   * the moment of the call.
   */
  sinkFor(destination: () => Destination): LaneSink;
  /** Needed where a subscription changes audiences. */
  readonly audiences?: AudiencePort;
  readonly decode: DecodeOptions;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly limits: PipelineLimits;
  /** Which parts (`partOf`) of a record are to be delivered. Default: all. */
  readonly wants?: (record: SourceRecord, part: string) => boolean;
  /** What of a record's changes of audiences is asked for. Default: all. */
  readonly narrowing?: Narrowing;
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
  /** As `RetentionGuardOptions.marginMillis`. */
  readonly retentionMarginMillis: number;
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
  /** Deliveries that wait in parking places, by destination. */
  parked: Parking['parked'];
  /** Seconds until every lane waits for a blocked one; `Infinity`: never, as things are. */
  windowSecondsLeft(): number;
  /** Seconds until the broker deletes a held record; `Infinity`: it won't, or nothing is held. */
  retentionSecondsLeft(): number;
  /** Something was mended, perhaps: blocked lanes try at once, and what a person had to look at goes on. */
  resume(): void;
}

const lookMillis = 1_000;

export function pipeline(options: PipelineOptions): Pipeline {
  const { source, clock, telemetry, limits } = options;
  const partitions = new Map<string, Partition>();
  const letters = deadLetterWriter(options.deadLetters, clock, telemetry);
  const counts = tally(telemetry);
  const failed = (error: unknown) => options.failed(asError(error));
  let looking: NodeJS.Timeout | undefined;

  const bounds = flow({
    source,
    telemetry,
    maxBytes: limits.maxInFlightBytes,
    maxRecordsPerPartition: limits.maxInFlightRecordsPerPartition,
    partitions: () => partitions.values(),
  });
  const port = options.audiences ?? noAudiences;
  const custody = handOver({
    partitions,
    clock,
    telemetry,
    waitMillis: port.handOverMillis,
    changesAudiences: () => options.destinations.some(changesAudiences),
    commit: () => void commits.flush(),
    failed,
  });
  const commits = committer({
    source,
    handOver: custody,
    telemetry,
    intervalMillis: limits.commitIntervalMillis,
    everyRecords: limits.commitEveryRecords,
    partitions: () => partitions.values(),
  });
  const lots = parking({
    place: options.parking,
    source,
    partitions,
    clock,
    telemetry,
    closeWithin: limits.maxInFlightRecordsPerPartition / 8,
  });
  const ends = settlement({
    destinations: options.destinations,
    letters,
    bounds,
    parked: lots,
    tally: counts,
    clock,
    telemetry,
    fuses: options.fuses ?? true,
    ...(options.narrowing !== undefined && { entries: options.narrowing.entries }),
  });
  const conversions = lanes({
    destinations: options.destinations,
    sinkFor: options.sinkFor,
    concurrency: limits.requestsPerLane,
    lingerMillis: limits.conversionsLingerMillis,
    telemetry,
    settled: ends.settled,
    dropped: ends.dropped,
    failed,
  });
  const changes = audiences({
    ...port,
    handOver: custody,
    clock,
    telemetry,
    took: bounds.took,
    gaveBack: bounds.gaveBack,
    counted: countChange,
    done(work, failure, parked) {
      if (!ends.changed(work, failure, parked)) changes.offer(remainderOf(work, failure, parked));
    },
    failed,
  });
  const routing = router({
    destinations: options.destinations,
    decode: options.decode,
    clock,
    telemetry,
    tally: counts,
    ...(options.narrowing !== undefined && { narrowing: options.narrowing }),
    deliver(destination, delivery) {
      const one = conversions.of(destination);
      if (one !== undefined) ends.deliver(one, delivery);
    },
    changeAudiences(work) {
      const wanted = wantedOf(work);
      ends.admit(wanted, () => changes.offer(wanted));
    },
    setAside: ends.setAside,
  });
  const records = intake({
    partitions,
    routing,
    ...(options.wants !== undefined && { wants: options.wants }),
    bounds,
    tally: counts,
    clock,
    telemetry,
    settled: commits.settled,
    abandoned() {
      for (const one of conversions.all()) one.purge();
      custody.look();
      changes.recheck();
      ends.purge();
      lots.purge();
    },
  });
  const watch = blockedLanes({
    lanes: conversions,
    audiences: changes,
    parked: lots,
    ends,
    bounds,
    clock,
    telemetry,
    anyBlocked: () => blocked().length > 0,
  });
  const guard = retentionGuard({
    source,
    clock,
    telemetry,
    marginMillis: limits.retentionMarginMillis,
    partitions: () => partitions.values(),
    anyBlocked: () => blocked().length > 0,
    giveUp: watch.giveUp,
  });
  const end = ending({
    source,
    deadLetters: options.deadLetters,
    ...(options.parking !== undefined && { place: options.parking }),
    lots,
    partitions,
    lanes: conversions,
    changes,
    ends,
    letters,
    commits,
    clock,
    telemetry,
  });

  const blocked = () => [...conversions.blockages(), ...changes.blockages(), ...ends.blockages()];

  function countChange({ destination, subscription }: AudienceWork, how: ChangeEnd['kind']): void {
    const names = { destination: destination.name, subscription: subscription.id };
    if (how === 'delivered') counts.delivered({ ...names, action: subscription.action.key });
    else if (how === 'superseded') counts.skipped({ ...names, reason: 'superseded' });
  }

  /** Changes of audiences are counted one by one, and told of here. */
  function look(): void {
    watch.look();
    counts.flush();
  }

  return {
    async start() {
      if (!(await end.open())) return;
      commits.start();
      looking = setInterval(look, lookMillis);
      guard.start();
      await source.start({
        assigned: guarded(records.assigned),
        lost: guarded(records.lost),
        batch: guarded(records.batch),
        ended: end.sourceEnded,
        failed: options.failed,
      });
    },
    finished: end.finished,
    async stop(deadlineMillis) {
      const clean = await end.stop(deadlineMillis);
      clearInterval(looking);
      counts.flush();
      guard.stop();
      return clean;
    },
    inFlight: () => ({
      records: end.recordsInFlight(),
      bytes: bounds.bytes(),
      deliveries: conversions.size() + changes.size() + ends.held(),
    }),
    caughtUp: end.caughtUp,
    blocked,
    parked: lots.parked,
    windowSecondsLeft: watch.secondsLeft,
    retentionSecondsLeft: guard.secondsLeft,
    resume() {
      for (const one of conversions.all()) one.wake();
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
        failed(error);
      }
    };
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
