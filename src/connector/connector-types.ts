import type { LaneStatus } from '../core/lane-state.ts';
import type { Clock, Random, Telemetry } from '../core/ports.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Source } from '../core/source.ts';
import type { Destination } from '../core/subscription.ts';
import type { OpsServer } from '../observe/ops-server.ts';
import type { RunTotals } from '../observe/run-totals.ts';
import type { PartitionStatus } from '../pipeline/figures.ts';
import type { DecisionWatch } from '../pipeline/route/decision-watch.ts';
import type { ReplayScope } from '../pipeline/route/plan.ts';
import type { Endpoints } from './endpoints.ts';
import type { ConnectorInside } from './inside.ts';
import type { OpsParts, OpsService } from './ops-service.ts';
import type { BlockedLane } from './readiness.ts';

export interface ConnectorOptions extends Endpoints {
  /** From `loadDestination`. */
  readonly destinations: readonly Destination[];
  /**
   * Only for the replay of dead letters. Instead of `source`: records that are replayed, each for the subscriptions
   * that `wants` selects.
   */
  readonly replay?: ReplayParts;
  /** Are told of everything that happens, besides the log and the metrics. */
  readonly observers?: readonly Telemetry[];
  /** Looks at decisions as they are made. */
  readonly watch?: DecisionWatch;
  /** Serves more on the ops port, such as the API of the console. */
  serve?(inside: ConnectorInside): OpsService;
  /** Answers those who ask how it is. Default: a server on `OPS_HOST` and `OPS_PORT`. */
  startOps?(parts: OpsParts): Promise<OpsServer>;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: `Math.random`. */
  readonly random?: Random;
}

interface ReplayParts {
  /** It runs inside of a connector, which writes its dead letters and has the ops server. */
  readonly inside?: Pick<ConnectorInside, 'deadLetterQueue'>;
  readonly source: Source;
  readonly scope: ReplayScope;
  wants(record: SourceRecord, key: string): boolean;
}

/** The running product: a source, the pipeline, the connection to Meta, and an ops server. */
export interface Connector {
  /** Resolves when events flow. Rejects with a `ConnectorError` when something that it needs is missing. */
  start(): Promise<void>;
  /** Where `/livez`, `/readyz` and `/metrics` are. */
  opsUrl(): string;
  /** Resolves when everything that the source holds is settled. */
  finished(): Promise<void>;
  /** Rejects when the process can't go on. Never resolves. */
  failed(): Promise<never>;
  /** Lanes and subscriptions that wait for a person to act, and for how long. */
  blocked(): readonly BlockedLane[];
  /** What it waits for, in words: a schema registry that is away, or dead letters and parked deliveries that can't be written. */
  waits(): readonly string[];
  /** Where dead letters go: `topic:NAME` or `file:PATH`. */
  readonly deadLetters: string;
  /** What was read since the start, and what became of it. */
  totals(): RunTotals;
  /** What every lane does: `running`, `throttled`, `retrying` or `blocked`, since when, and why. Times are Unix milliseconds. */
  lanes(): readonly LaneStatus[];
  /** The partitions that this process has, how far it is in each, and how old what is in flight is. */
  partitions(): readonly PartitionStatus[];
  /**
   * Call it when something was fixed: what is blocked tries at once, and what waits for a person to look at it goes on.
   */
  resume(): void;
  /**
   * Call it before `stop` when nobody will look at what was rejected too often (`max_rejected_per_batch`): its
   * dead letters are written. What wasn't sent is not committed.
   */
  writeDeadLetters(): void;
  /**
   * Activates other destinations while records flow, as `Pipeline.reload` does. If `load` rejects, the error is logged
   * and nothing changes. Resolves with true if the new destinations are active.
   */
  reload(load: () => Promise<readonly Destination[]>): Promise<boolean>;
  /**
   * Resolves with true if everything that was read is settled and committed. A second call gets the answer of the
   * first.
   */
  stop(): Promise<boolean>;
}
