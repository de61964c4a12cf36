import type { Clock, Random, Telemetry } from '../core/ports.ts';
import type { Destination } from '../core/subscription.ts';
import { expiring } from '../delivery/expiring.ts';
import { type Gate, createGate } from '../delivery/gate.ts';
import { isolating } from '../delivery/isolating.ts';
import type { Peers } from '../delivery/peers.ts';
import { retrying } from '../delivery/retrying.ts';
import type { ThrottleScopes } from '../delivery/throttle-scopes.ts';
import { conversionsSink } from '../meta/conversions-sink.ts';
import type { GraphClient } from '../meta/graph-client.ts';
import { throttleScopeNames } from '../meta/throttle-scope-names.ts';
import type { LaneSink } from '../pipeline/lane/lane.ts';
import type { Tracing } from '../tracing/tracing.ts';

export interface ConversionSinkOptions {
  readonly client: GraphClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly scopes: ThrottleScopes;
  /** All lanes of conversions. */
  readonly peers: Peers;
  /** Holds the lane's gate until the lane is closed. */
  readonly gates: Set<Gate>;
  /** A person has paused the destination: a lane of it that is made now is paused, too. */
  isPaused(destination: string): boolean;
  readonly tracing: Tracing;
}

/** The sink of a conversions lane. From the outside in: isolating, retrying, expiring, and the sink itself. */
export function createConversionSink(current: () => Destination, parts: ConversionSinkOptions): LaneSink {
  const { client, clock, random, telemetry, scopes, peers } = parts;
  const { name: lane, settings } = current();
  const memberOf = Object.values(throttleScopeNames(settings, 'ads_management'));
  const gate = createGate({ lane, clock, telemetry, scopes, memberOf, peers });
  const onUsage = gate.slow;
  const sending = conversionsSink({ client, destination: current, lane, clock, telemetry, onUsage });
  const unexpired = expiring(sending, clock);
  const retried = retrying({ sink: unexpired, gate, clock, random, telemetry, lane });
  const { rejectWaiting, dropRemoved } = retried;
  const { blockage: blocked, laneState: state, wake } = gate;
  parts.gates.add(gate);
  if (parts.isPaused(lane)) gate.hold();
  const close = () => {
    parts.gates.delete(gate);
    gate.close();
  };
  const isolated = parts.tracing.sink(isolating({ sink: retried, gate }), lane, lane);
  return { ...isolated, rejectWaiting, dropRemoved, blocked, state, wake, close };
}
