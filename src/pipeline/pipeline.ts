import { changesAudiences, type Destination } from '../core/subscription.ts';
import { audiences } from './audience/audiences.ts';
import { handOver } from './partition/hand-over.ts';
import type { ChangeEnd } from './audience/lane.ts';
import { noAudiences } from './audience/audience-port.ts';
import type { AudienceWork } from './route/audience-work.ts';
import { blockedLanes } from './hold/blocked-lanes.ts';
import { bugs } from './bugs.ts';
import { committer } from './partition/committer.ts';
import type { Pipeline, PipelineOptions } from './pipeline-types.ts';
import { deadLetterWriter } from './settle/dead-letter-writer.ts';
import { ending } from './shutdown.ts';
import { flow } from './partition/backpressure.ts';
import { intake } from './intake.ts';
import { lanes } from './lane/lanes.ts';
import { origins } from './route/delivery-origins.ts';
import { parking } from './hold/parking.ts';
import { remainderOf, wantedOf } from './hold/unparked-work.ts';
import type { Partition } from './partition/partition.ts';
import { retentionGuard } from './partition/retention-guard.ts';
import { router } from './route/router.ts';
import { settlement } from './settle/settlement.ts';
import { tally } from './route/event-counts.ts';

const lookMillis = 1_000;

export function pipeline(options: PipelineOptions): Pipeline {
  const { source, clock, telemetry, limits } = options;
  const partitions = new Map<string, Partition>();
  const letters = deadLetterWriter(options.deadLetters, clock, telemetry);
  const counts = tally(telemetry);
  const { failed, guarded } = bugs(options.failed);
  const made = origins();
  let destinations: readonly Destination[] = [];
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
    changesAudiences: () => destinations.some(changesAudiences),
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
    letters,
    bounds,
    parked: lots,
    tally: counts,
    clock,
    telemetry,
    fuses: options.fuses ?? true,
    ...(options.scope !== undefined && { entries: options.scope.entries }),
  });
  const conversions = lanes({
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
    destinations: () => destinations,
    origins: made,
    decode: options.decode,
    clock,
    telemetry,
    tally: counts,
    ...(options.scope !== undefined && { scope: options.scope }),
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
    abandoned: purge,
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

  function configure(list: readonly Destination[]): void {
    destinations = list;
    made.configured(list);
    conversions.configure(list);
    changes.configure(list);
    ends.configure(list);
    purge();
    resume();
  }

  function purge(): void {
    for (const one of conversions.all()) one.purge();
    custody.look();
    changes.recheck();
    ends.purge();
    lots.purge();
  }

  function resume(): void {
    for (const one of conversions.all()) one.wake();
    changes.wake();
    changes.resume();
    ends.resume();
  }

  function look(): void {
    watch.look();
    conversions.sweep();
    changes.sweep();
    // Changes of audiences are counted one by one, and told of here.
    counts.flush();
  }

  configure(options.destinations);

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
    resume,
    reload: configure,
  };
}
