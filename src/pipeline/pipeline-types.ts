import type { ParkingStore } from '../core/parked.ts';
import type { Clock, DeadLetterQueue, Telemetry } from '../core/ports.ts';
import type { LaneStatus } from '../core/lane-state.ts';
import type { Source } from '../core/source.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Destination } from '../core/subscription.ts';
import type { AudiencePort } from './audience/audience-port.ts';
import type { Audiences } from './audience/audiences.ts';
import type { DecodeOptions } from './route/decode.ts';
import type { DecisionWatch } from './route/decision-watch.ts';
import type { Blockage, LaneSink } from './lane/lane.ts';
import type { Figures } from './figures.ts';
import type { OperatorHold } from './hold/operator-holds.ts';
import type { Parking } from './hold/parking.ts';
import type { ReplayScope } from './route/plan.ts';

export interface PipelineOptions {
  readonly source: Source;
  readonly deadLetters: DeadLetterQueue;
  /** For the destinations that park; absent: they hold. */
  readonly parking?: ParkingStore;
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
  /** For which subscriptions (`subscriptionKey`) a record is to be delivered. Default: all. */
  readonly wants?: (record: SourceRecord, key: string) => boolean;
  /** What is wanted of a record that is replayed. Default: all of it. */
  readonly scope?: ReplayScope;
  /** False: no subscription is stopped because too much of it is rejected. Default true. */
  readonly stopsOnRejections?: boolean;
  /** Looks at decisions as they are made. */
  readonly watch?: DecisionWatch;
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
  /** Every lane, and every subscription that is held, with times of the monotonic clock. */
  laneStatuses(): readonly LaneStatus[];
  /** As `Outgoing.hold`, `release`, `resumeLane` and `holdOf`. */
  hold(destination: string): void;
  release(destination: string): void;
  resumeLane(lane: string): void;
  holdOf(destination: string): OperatorHold | undefined;
  /** The audiences that are known to Meta and were changed. */
  changedAudiences: Audiences['changed'];
  partitions: Figures['partitions'];
  /** Why dead letters can't be written at the moment. */
  deadLettersFail(): string | undefined;
  /** Why deliveries can't be parked, by destination. */
  parkingFails(): ReadonlyMap<string, string>;
  /** As `Figures.report`. */
  report(): void;
  /** Deliveries that wait in parking partitions, by destination. */
  parked: Parking['parked'];
  /** Seconds until every lane waits for a blocked one; `Infinity`: never, as things are. */
  windowSecondsLeft(): number;
  /** Seconds until the broker deletes a held record; `Infinity`: it won't, or nothing is held. */
  retentionSecondsLeft(): number;
  /** Something was fixed, perhaps: blocked lanes try at once, and what a person had to look at goes on. */
  resume(): void;
  /** Nobody will look at what `max_rejected_per_batch` held: its dead letters are written. */
  writeDeadLetters(): void;
  /**
   * New records go by these destinations; deliveries on their way keep what routed them, but use the newest connection
   * settings. What waits for a subscription that is no longer there becomes a dead letter. Resumes, too.
   */
  reload(destinations: readonly Destination[]): void;
}
