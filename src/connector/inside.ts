import type { LaneStatus } from '../core/lane-state.ts';
import type { DeadLetterQueue, Telemetry } from '../core/ports.ts';
import type { SourceRecord, TopicPartition } from '../core/record.ts';
import type { Condition } from '../notify/condition.ts';
import type { SubscriptionQuality } from '../observe/match-quality.ts';
import type { Destination } from '../core/subscription.ts';
import type { PartitionStatus } from '../pipeline/figures.ts';
import type { Pipeline } from '../pipeline/pipeline-types.ts';
import type { AskAudience } from './audience-facts.ts';
import type { TestEventResult } from './test-event.ts';
import type { Holds } from './holds.ts';
import type { ReadableRecord } from './readable-record.ts';

/** What a running connector tells, beyond `Connector`, of whoever serves something on its ops port. */
export interface ConnectorInside {
  phase(): 'starting' | 'running' | 'stopping' | 'failed';
  lanes(): readonly LaneStatus[];
  partitions(): readonly PartitionStatus[];
  /** Stops destinations and lanes, and lets them go on. */
  readonly holds: Holds;
  /** Partitions that a person must decide about. */
  heldPartitions(): readonly (TopicPartition & { readonly reason: string })[];
  /** What can't be written, so that nothing is committed past it. */
  writeFailures(): readonly Condition[];
  /** What reading waits for by itself, in words. */
  waits(): readonly string[];
  /** Brings up to date what telemetry is told only now and then. */
  refresh(): void;
  inFlight(): { readonly records: number; readonly bytes: number };
  /** Deliveries that wait in parking partitions, by destination. */
  parked(): ReadonlyMap<string, number>;
  /** How well events identify people, since the start. */
  matchQuality(): readonly SubscriptionQuality[];
  /** Writes dead letters as the connector does. */
  readonly deadLetterQueue: DeadLetterQueue;
  changedAudiences: Pipeline['changedAudiences'];
  readonly askAudience: AskAudience;
  /** Sends an event of a subscription as a test. */
  sendTest(
    destination: Destination,
    subscription: string,
    record: SourceRecord,
    testEventCode: string,
  ): Promise<TestEventResult>;
  /** A record as its topic is to be read. */
  readable(record: SourceRecord): Promise<ReadableRecord>;
  readonly telemetry: Telemetry;
}
