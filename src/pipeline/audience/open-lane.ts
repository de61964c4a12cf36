import type { ResolvedAudience } from '../../core/audience.ts';
import { audienceLaneName } from '../../core/lane-name.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { Destination } from '../../core/subscription.ts';
import { type LaneNames, namesOf } from '../../core/telemetry.ts';
import { createRejectionHalt } from '../lane/rejection-halt.ts';
import type { Rejected } from '../lane/rejection-report.ts';
import type { HandOver } from '../partition/hand-over.ts';
import type { AudienceWork } from '../route/audience-work.ts';
import { type AudienceCounts, createAudienceCounts } from './audience-counts.ts';
import type { AudiencePort } from './audience-port.ts';
import { type ChangeInFlight, deliveryOf } from './change-in-flight.ts';
import { type AudienceLane, type AudienceLaneOptions, createAudienceLane } from './lane.ts';

export interface OpenLaneOptions extends Pick<AudiencePort, 'sending' | 'lingerMillis'> {
  readonly handOver: Pick<HandOver, 'watch'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  rejectedEarly(destination: string): readonly Rejected[];
  /** Whether the work can be parked where its lane gives it up for that. */
  parks(work: AudienceWork): boolean;
  failed(error: unknown): void;
}

/** The lane of one audience, with the newest settings of a destination. */
export interface OpenLane extends AudienceLane<ChangeInFlight>, LaneNames {
  readonly audienceId: string;
  counts(): AudienceCounts;
  /** Whose settings it has: that of the first change. */
  destination(): Destination;
}

/** @param destination As it is configured now. */
export function openLane(
  options: OpenLaneOptions,
  destination: () => Destination,
  audience: ResolvedAudience,
  group: string | undefined,
  ended: AudienceLaneOptions<ChangeInFlight>['ended'],
): OpenLane {
  const { clock, telemetry } = options;
  const name = audienceLaneName(audience.id);
  const names = namesOf({ lane: name, ...(group !== undefined && { group }) });
  const { sink, quiet } = options.sending(destination(), audience, options.handOver.watch, names);
  const counted = createAudienceCounts(clock.now);
  const lane = createAudienceLane<ChangeInFlight>({
    name,
    audienceId: audience.id,
    sink,
    quiet,
    halt: createRejectionHalt(names, clock, telemetry),
    get limits() {
      return destination().settings.batch;
    },
    get lingerMillis() {
      return destination().settings.batch.lingerMillis ?? options.lingerMillis;
    },
    get maxRejected() {
      return destination().settings.maxRejectedPerBatch ?? -1;
    },
    rejectedEarly: () => options.rejectedEarly(destination().name),
    deliveryOf,
    abandoned: ({ work }) => work.pending.abandoned,
    removed: ({ work }) => work.origin.removed,
    parks: ({ work }) => options.parks(work),
    ended(queued, end) {
      counted.ended(queued, end);
      ended(queued, end);
    },
    failed: options.failed,
  });
  return { ...lane, ...names, audienceId: audience.id, destination, counts: counted.counts };
}
