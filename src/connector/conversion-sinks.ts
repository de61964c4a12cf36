import type { Clock, Random, Telemetry } from '../core/ports.ts';
import type { Destination } from '../core/subscription.ts';
import { expiring } from '../delivery/expiring.ts';
import { type Gate, gate } from '../delivery/gate.ts';
import { isolating } from '../delivery/isolating.ts';
import { retrying } from '../delivery/retrying.ts';
import type { ThrottleScopes } from '../delivery/throttle-scopes.ts';
import { conversionsSink } from '../meta/conversions-sink.ts';
import type { GraphClient } from '../meta/graph-client.ts';
import { throttleScopeNames } from '../meta/throttle-scope-names.ts';
import type { LaneSink } from '../pipeline/lane/lane.ts';

export interface LaneParts {
  readonly client: GraphClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly scopes: ThrottleScopes;
  /** Where its gate is while the lane is open. */
  readonly gates: Set<Gate>;
}

/** What a conversions request goes through: isolate ∘ retry ∘ expire ∘ send, with the lane's gate. */
export function conversionsLane(current: () => Destination, parts: LaneParts): LaneSink {
  const { client, clock, random, telemetry, scopes } = parts;
  const { name: lane, settings } = current();
  const memberOf = Object.values(throttleScopeNames(settings));
  const laneGate = gate({ lane, clock, telemetry, scopes, memberOf });
  const onUsage = laneGate.slow;
  const sending = conversionsSink({ client, destination: current, lane, clock, telemetry, onUsage });
  const fresh = expiring(sending, clock);
  const persistent = retrying({ sink: fresh, gate: laneGate, clock, random, telemetry, lane });
  const { rejectWaiting, dropRemoved } = persistent;
  const { blockage: blocked, wake } = laneGate;
  parts.gates.add(laneGate);
  const close = () => {
    parts.gates.delete(laneGate);
    laneGate.close();
  };
  return { ...isolating({ sink: persistent, gate: laneGate }), rejectWaiting, dropRemoved, blocked, wake, close };
}
