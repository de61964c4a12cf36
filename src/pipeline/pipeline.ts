import { changesAudiences, type Destination } from '../core/subscription.ts';
import { createAudiences } from './audience/audiences.ts';
import { createHandOver } from './partition/hand-over.ts';
import type { ChangeEnd } from './audience/lane.ts';
import { noAudiences } from './audience/audience-port.ts';
import type { AudienceWork } from './route/audience-work.ts';
import { createBlockedLanes } from './hold/blocked-lanes.ts';
import { bugs } from './bugs.ts';
import { createCommitter } from './partition/committer.ts';
import type { Pipeline, PipelineOptions } from './pipeline-types.ts';
import { createDeadLetterWriter } from './settle/dead-letter-writer.ts';
import { createShutdown } from './shutdown.ts';
import { createBackpressure } from './partition/backpressure.ts';
import { createIntake } from './intake.ts';
import { createLanes } from './lane/lanes.ts';
import { createDeliveryOrigins } from './route/delivery-origins.ts';
import { createParking } from './hold/parking.ts';
import { remainderOf, wantedOf } from './hold/unparked-work.ts';
import type { Partition } from './partition/partition.ts';
import { createRetentionGuard } from './partition/retention-guard.ts';
import { createRouter } from './route/router.ts';
import { createSettlement } from './settle/settlement.ts';
import { createEventCounts } from './route/event-counts.ts';

const tickMillis = 1_000;

export function createPipeline(options: PipelineOptions): Pipeline {
  const { source, clock, telemetry, limits } = options;
  const partitions = new Map<string, Partition>();
  const deadLetterWriter = createDeadLetterWriter(options.deadLetters, clock, telemetry);
  const eventCounts = createEventCounts(telemetry);
  const { failed, guarded } = bugs(options.failed);
  const origins = createDeliveryOrigins();
  let destinations: readonly Destination[] = [];
  let ticking: NodeJS.Timeout | undefined;

  const backpressure = createBackpressure({
    source,
    telemetry,
    maxBytes: limits.maxInFlightBytes,
    maxRecordsPerPartition: limits.maxInFlightRecordsPerPartition,
    partitions: () => partitions.values(),
  });
  const port = options.audiences ?? noAudiences;
  const handOver = createHandOver({
    partitions,
    clock,
    telemetry,
    waitMillis: port.handOverMillis,
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
    partitions: () => partitions.values(),
  });
  const parking = createParking({
    parkingPlace: options.parking,
    source,
    partitions,
    clock,
    telemetry,
    closeWithin: limits.maxInFlightRecordsPerPartition / 8,
  });
  const settlement = createSettlement({
    deadLetterWriter,
    backpressure,
    parking,
    eventCounts,
    clock,
    telemetry,
    watchesRejections: options.watchesRejections ?? true,
    ...(options.scope !== undefined && { entries: options.scope.entries }),
  });
  const lanes = createLanes({
    sinkFor: options.sinkFor,
    concurrency: limits.requestsPerLane,
    lingerMillis: limits.conversionsLingerMillis,
    telemetry,
    settled: settlement.settled,
    dropped: settlement.dropped,
    failed,
  });
  const audiences = createAudiences({
    ...port,
    handOver,
    clock,
    telemetry,
    acquire: backpressure.acquire,
    release: backpressure.release,
    counted: countChange,
    done(work, failure, parked) {
      if (!settlement.changed(work, failure, parked)) audiences.offer(remainderOf(work, failure, parked));
    },
    failed,
  });
  const router = createRouter({
    destinations: () => destinations,
    origins,
    decode: options.decode,
    clock,
    telemetry,
    eventCounts,
    ...(options.scope !== undefined && { scope: options.scope }),
    deliver(destination, delivery) {
      const one = lanes.of(destination);
      if (one !== undefined) settlement.deliver(one, delivery);
    },
    changeAudiences(work) {
      const wanted = wantedOf(work);
      settlement.admit(wanted, () => audiences.offer(wanted));
    },
    setAside: settlement.setAside,
  });
  const intake = createIntake({
    partitions,
    router,
    ...(options.wants !== undefined && { wants: options.wants }),
    backpressure,
    eventCounts,
    clock,
    telemetry,
    settled: committer.settled,
    abandoned: purge,
    failed,
  });
  const blockedLanes = createBlockedLanes({
    lanes,
    audiences,
    parking,
    settlement,
    backpressure,
    clock,
    telemetry,
    anyBlocked: () => blocked().length > 0,
  });
  const retentionGuard = createRetentionGuard({
    source,
    clock,
    telemetry,
    marginMillis: limits.retentionMarginMillis,
    partitions: () => partitions.values(),
    anyBlocked: () => blocked().length > 0,
    giveUp: blockedLanes.giveUp,
  });
  const shutdown = createShutdown({
    source,
    deadLetters: options.deadLetters,
    ...(options.parking !== undefined && { parkingPlace: options.parking }),
    intake,
    parking,
    partitions,
    lanes,
    audiences,
    settlement,
    deadLetterWriter,
    committer,
    clock,
    telemetry,
  });

  const blocked = () => [...lanes.blockages(), ...audiences.blockages(), ...settlement.blockages()];

  function countChange({ destination, subscription }: AudienceWork, how: ChangeEnd['kind']): void {
    const names = { destination: destination.name, subscription: subscription.id };
    if (how === 'delivered') eventCounts.delivered({ ...names, action: subscription.action.key });
    else if (how === 'superseded') eventCounts.skipped({ ...names, reason: 'superseded' });
  }

  function configure(list: readonly Destination[]): void {
    destinations = list;
    origins.configured(list);
    lanes.configure(list);
    audiences.configure(list);
    settlement.configure(list);
    purge();
    resume();
  }

  function purge(): void {
    for (const one of lanes.all()) one.purge();
    handOver.tick();
    audiences.dropRemoved();
    settlement.purge();
    parking.purge();
  }

  function resume(): void {
    for (const one of lanes.all()) one.wake();
    audiences.wake();
    audiences.resume();
    settlement.resume();
  }

  function tick(): void {
    blockedLanes.tick();
    lanes.sweep();
    audiences.sweep();
    // Changes of audiences are counted one by one, and told of here.
    eventCounts.flush();
  }

  configure(options.destinations);

  return {
    async start() {
      if (!(await shutdown.open())) return;
      committer.start();
      ticking = setInterval(tick, tickMillis);
      retentionGuard.start();
      await source.start({
        assigned: guarded(intake.assigned),
        lost: guarded(intake.lost),
        batch: guarded(intake.batch),
        ended: shutdown.sourceEnded,
        failed: options.failed,
      });
    },
    finished: shutdown.finished,
    async stop(deadlineMillis) {
      const clean = await shutdown.stop(deadlineMillis);
      clearInterval(ticking);
      eventCounts.flush();
      retentionGuard.stop();
      return clean;
    },
    inFlight: () => ({
      records: shutdown.recordsInFlight(),
      bytes: backpressure.bytes(),
      deliveries: lanes.size() + audiences.size() + settlement.held(),
    }),
    caughtUp: shutdown.caughtUp,
    blocked,
    parked: parking.parked,
    windowSecondsLeft: blockedLanes.secondsLeft,
    retentionSecondsLeft: retentionGuard.secondsLeft,
    resume,
    reload: configure,
  };
}
