import type { Delivery } from '../core/delivery.ts';
import type { Clock, Random, Telemetry } from '../core/ports.ts';
import type { DestinationSettings } from '../core/settings.ts';
import type { Destination } from '../core/subscription.ts';
import { trackingInDoubt } from '../delivery/in-doubt.ts';
import { type Gate, gate } from '../delivery/gate.ts';
import { isolating } from '../delivery/isolating.ts';
import type { PartitionLease } from '../delivery/partition-lease.ts';
import { fencing } from '../delivery/fencing.ts';
import { persisting } from '../delivery/retry-lookup.ts';
import { retrying } from '../delivery/retrying.ts';
import type { ThrottleScopes } from '../delivery/throttle-scopes.ts';
import { undivided } from '../delivery/all-or-nothing.ts';
import { audienceDirectory } from '../meta/audiences/directory.ts';
import { usersSink } from '../meta/audiences/users-sink.ts';
import type { GraphClient } from '../meta/graph-client.ts';
import { throttleScopeNames } from '../meta/throttle-scope-names.ts';
import type { AudiencePort } from '../pipeline/audience/audience-port.ts';

export interface AudiencePortOptions {
  readonly client: GraphClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly scopes: ThrottleScopes;
  /** The newest of that name. */
  destinationOf(name: string): Destination | undefined;
  /** How long a request without a definite answer counts as alive. */
  readonly aliveMillis: number;
  /** How long after a partition became ours a request of the process that had it before may still arrive. */
  readonly handOverMillis: number;
  readonly lease: PartitionLease;
  readonly gates: Set<Gate>;
}

const lingerMillis = 2_000;

/**
 * Audiences at Meta for the pipeline: each with a gate of its own, its requests
 * all-or-nothing ∘ isolating ∘ retrying ∘ fencing ∘ tracking in doubt ∘ sending.
 */
export function audiencePort(options: AudiencePortOptions): AudiencePort {
  const { client, clock, random, telemetry, scopes, lease } = options;

  function newGate(lane: string, settings: DestinationSettings): Gate {
    const made = gate({ lane, clock, telemetry, scopes, memberOf: Object.values(throttleScopeNames(settings)) });
    options.gates.add(made);
    return made;
  }

  function close(own: Gate): void {
    options.gates.delete(own);
    own.close();
  }

  const maySend = (deliveries: readonly Delivery[]) =>
    lease.isHeld() && !deliveries.some(({ pending }) => pending.abandoned);

  return {
    lingerMillis,
    handOverMillis: options.handOverMillis,
    search(caller, target, signal) {
      const lane = `audience ${target.kind === 'id' ? target.id : target.name}`;
      const own = newGate(lane, caller().settings);
      const ending = new AbortController();
      const directory = audienceDirectory({ client, lane, clock, telemetry, onUsage: own.slow });
      const ask = (asking: AbortSignal) => directory.find(caller(), target, asking);
      const found = persisting(
        ask,
        { gate: own, clock, random, telemetry, lane },
        AbortSignal.any([signal, ending.signal]),
      );
      return {
        found,
        blocked: own.blockage,
        wake: own.wake,
        close() {
          ending.abort();
          close(own);
        },
      };
    },
    sending(destination, { id }, watch) {
      const lane = `audience ${id}`;
      const own = newGate(lane, destination.settings);
      const callerOf = options.destinationOf;
      const sending = usersSink({ client, lane, clock, random, telemetry, callerOf, maySend, onUsage: own.slow });
      const watched = trackingInDoubt(sending, { clock, aliveMillis: options.aliveMillis, watch });
      const fenced = fencing(watched, lease);
      const persistent = retrying({ sink: fenced, gate: own, clock, random, telemetry, lane });
      const { rejectWaiting, dropRemoved } = persistent;
      const isolated = undivided(isolating({ sink: persistent, gate: own }));
      const gateParts = { blocked: own.blockage, wake: own.wake, close: () => close(own) };
      return { sink: { ...isolated, rejectWaiting, dropRemoved, ...gateParts }, quiet: watched.quiet };
    },
  };
}
