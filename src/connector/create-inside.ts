import type { Clock, DeadLetterQueue, Telemetry } from '../core/ports.ts';
import type { LaneStatus } from '../core/lane-state.ts';
import type { Source } from '../core/source.ts';
import type { Gate } from '../delivery/gate.ts';
import type { GraphClient } from '../meta/graph-client.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Pipeline } from '../pipeline/pipeline-types.ts';
import type { ActiveDestinations } from './active-destinations.ts';
import { createAudienceFacts } from './audience-facts.ts';
import { writeFailures } from './conditions.ts';
import { createHolds } from './holds.ts';
import type { ConnectorInside } from './inside.ts';
import { readableRecord } from './readable-record.ts';
import type { RecordDecoding } from './record-decoding.ts';
import { sendTestEvent } from './test-event.ts';

export interface InsideParts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly source: Source;
  readonly pipeline: Pipeline;
  readonly gates: Iterable<Gate>;
  /** As `createHolds`. */
  readonly paused: Set<string>;
  readonly deadLetterQueue: DeadLetterQueue;
  readonly decoding: RecordDecoding;
  readonly metrics: Pick<Metrics, 'matchQuality'>;
  readonly destinationOf: ActiveDestinations['destinationOf'];
  readonly client: GraphClient;
  readonly audienceClient: GraphClient;
  lanes(): readonly LaneStatus[];
  waits(): readonly string[];
  state(): { readonly alive: boolean; readonly stopping: boolean };
}

/** A connector as the API sees it. */
export function createInside(parts: InsideParts): ConnectorInside {
  const { clock, telemetry, source, pipeline, decoding, deadLetterQueue, client, destinationOf } = parts;
  return {
    phase() {
      const { alive, stopping } = parts.state();
      if (!alive) return 'failed';
      if (stopping) return 'stopping';
      return source.ready() ? 'running' : 'starting';
    },
    lanes: parts.lanes,
    partitions: () => pipeline.partitions(),
    heldPartitions: () => source.held?.() ?? [],
    writeFailures: () => writeFailures(pipeline),
    waits: parts.waits,
    refresh: () => pipeline.report(),
    inFlight: () => pipeline.inFlight(),
    parked: () => pipeline.parked(),
    holds: createHolds(pipeline, parts.gates, parts.paused),
    changedAudiences: () => pipeline.changedAudiences(),
    askAudience: createAudienceFacts({ client: parts.audienceClient, clock, telemetry, destinationOf }),
    sendTest: (...of) => sendTestEvent({ client, decode: decoding.options, now: clock.now }, ...of),
    // The connector opens and closes it.
    deadLetterQueue: { ...deadLetterQueue, open: async () => undefined, close: async () => undefined },
    matchQuality: parts.metrics.matchQuality,
    readable: (record) => readableRecord(decoding, record),
    telemetry,
  };
}
