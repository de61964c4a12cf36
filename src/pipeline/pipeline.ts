import { changesAudiences, type Destination, feedsAudiences } from '../core/subscription.ts';
import { subscriptionKey } from '../core/subscription-key.ts';
import { noAudiences } from './audience/audience-port.ts';
import { createFigures } from './figures.ts';
import { createParking } from './hold/parking.ts';
import { createIntake } from './intake.ts';
import { createOutgoing } from './outgoing.ts';
import { createBackpressure } from './partition/backpressure.ts';
import { createCommitter } from './partition/committer.ts';
import { createHandOver } from './partition/hand-over.ts';
import type { Partition } from './partition/partition.ts';
import type { Pipeline, PipelineOptions } from './pipeline-types.ts';
import { createDeliveryOrigins } from './route/delivery-origins.ts';
import { createEventCounts } from './route/event-counts.ts';
import { createRouter } from './route/router.ts';
import { createDelays } from './settle/delays.ts';
import { createDeadLetterWriter } from './settle/dead-letter-writer.ts';
import { createShutdown } from './shutdown.ts';
import { createWatch } from './watch.ts';

export function createPipeline(options: PipelineOptions): Pipeline {
  const { source, clock, telemetry, limits, scope } = options;
  const partitions = new Map<string, Partition>();
  const ofPartitions = () => partitions.values();
  const deadLetterWriter = createDeadLetterWriter(options.deadLetters, clock, telemetry);
  const eventCounts = createEventCounts(telemetry);
  const delays = createDelays(telemetry);
  const origins = createDeliveryOrigins();
  let destinations: readonly Destination[] = [];
  let audienceKeys: ReadonlySet<string> = new Set();

  const failed = (error: unknown) => options.failed(error instanceof Error ? error : new Error(String(error)));

  const backpressure = createBackpressure({
    source,
    telemetry,
    maxBytes: limits.maxInFlightBytes,
    maxRecordsPerPartition: limits.maxInFlightRecordsPerPartition,
    partitions: ofPartitions,
  });
  const handOver = createHandOver({
    partitions,
    clock,
    telemetry,
    waitMillis: (options.audiences ?? noAudiences).handOverMillis,
    changesAudiences: () => destinations.some(changesAudiences),
    commit: () => void committer.flush(),
    failed,
  });
  const committer = createCommitter({
    source,
    handOver,
    telemetry,
    intervalMillis: limits.commitIntervalMillis,
    everyRecords: limits.commitEveryRecords,
    partitions: ofPartitions,
    changesAudiences: (key) => audienceKeys.has(key),
  });
  const parking = createParking({
    parkingStore: options.parking,
    source,
    partitions,
    clock,
    telemetry,
    closeWithin: limits.maxInFlightRecordsPerPartition / 8,
  });
  const outgoing = createOutgoing({
    ...options,
    audiencePort: options.audiences,
    parking,
    handOver,
    backpressure,
    deadLetterWriter,
    eventCounts,
    delays,
    failed,
  });
  const figures = createFigures({
    source,
    backpressure,
    eventCounts,
    delays,
    clock,
    telemetry,
    partitions: ofPartitions,
  });
  const router = createRouter({
    destinations: () => destinations,
    origins,
    decode: options.decode,
    ...(scope !== undefined && { scope }),
    ...(options.watch !== undefined && { watch: options.watch }),
    clock,
    telemetry,
    eventCounts,
    deliver: outgoing.deliver,
    changeAudiences: outgoing.changeAudiences,
    setAside: outgoing.setAside,
    wasDone: outgoing.wasDone,
  });
  const intake = createIntake({
    partitions,
    router,
    audienceKeys: () => audienceKeys,
    ...(options.wants !== undefined && { wants: options.wants }),
    backpressure,
    eventCounts,
    clock,
    telemetry,
    settled: committer.settled,
    leaving: figures.leave,
    abandoned: outgoing.purge,
    failed,
  });
  const watch = createWatch({
    source,
    outgoing,
    parking,
    backpressure,
    figures,
    clock,
    telemetry,
    retentionMarginMillis: limits.retentionMarginMillis,
    partitions: ofPartitions,
  });
  const shutdown = createShutdown({
    source,
    deadLetters: options.deadLetters,
    ...(options.parking !== undefined && { parkingStore: options.parking }),
    intake,
    parking,
    partitions,
    outgoing,
    deadLetterWriter,
    committer,
    clock,
    telemetry,
  });

  function configure(list: readonly Destination[]): void {
    destinations = list;
    audienceKeys = new Set(list.flatMap(keysOfAudiences));
    origins.configured(list);
    outgoing.configure(list);
    outgoing.purge();
    outgoing.resume();
  }

  configure(options.destinations);

  return {
    async start() {
      if (!(await shutdown.open())) return;
      committer.start();
      watch.start();
      await source.start({
        assigned: guarded(intake.assigned, failed),
        lost: guarded(intake.lost, failed),
        batch: guarded(intake.batch, failed),
        finished: shutdown.sourceEnded,
        failed: options.failed,
      });
    },
    finished: shutdown.finished,
    async stop(deadlineMillis) {
      const clean = await shutdown.stop(deadlineMillis);
      watch.stop();
      return clean;
    },
    inFlight: () => ({
      records: shutdown.recordsInFlight(),
      bytes: backpressure.bytes(),
      deliveries: outgoing.size(),
    }),
    caughtUp: shutdown.caughtUp,
    blocked: outgoing.blockages,
    laneStatuses: outgoing.laneStatuses,
    hold: outgoing.hold,
    release: outgoing.release,
    resumeLane: outgoing.resumeLane,
    holdOf: outgoing.holdOf,
    changedAudiences: outgoing.audiences.changed,
    partitions: figures.partitions,
    deadLettersFail: deadLetterWriter.failing,
    parkingFails: parking.failing,
    report: figures.report,
    parked: parking.parked,
    windowSecondsLeft: watch.windowSecondsLeft,
    retentionSecondsLeft: watch.retentionSecondsLeft,
    resume: outgoing.resume,
    writeDeadLetters: outgoing.writeDeadLetters,
    reload: configure,
  };
}

/** Of the subscriptions that change audiences. */
function keysOfAudiences({ name, subscriptions }: Destination): readonly string[] {
  return subscriptions.filter(feedsAudiences).map(({ id }) => subscriptionKey(name, id));
}

/** A bug in a handler must end the process. Otherwise it would leave a hole that is committed over. */
function guarded<A extends readonly unknown[]>(
  handler: (...given: A) => void,
  failed: (error: unknown) => void,
): (...given: A) => void {
  return (...given) => {
    try {
      handler(...given);
    } catch (error) {
      failed(error);
    }
  };
}
