import type { Delivery } from '../core/delivery.ts';
import type { Clock, Random, Telemetry } from '../core/ports.ts';
import type { Destination } from '../core/subscription.ts';
import type { LaneNames } from '../core/telemetry.ts';
import { trackingInDoubt } from '../delivery/in-doubt.ts';
import { type Gate, createGate } from '../delivery/gate.ts';
import { isolating } from '../delivery/isolating.ts';
import type { PartitionLease } from '../delivery/partition-lease.ts';
import { fencing } from '../delivery/fencing.ts';
import { retryLookup } from '../delivery/retry-lookup.ts';
import { retrying } from '../delivery/retrying.ts';
import type { ThrottleScopes } from '../delivery/throttle-scopes.ts';
import { allOrNothing } from '../delivery/all-or-nothing.ts';
import { audienceDirectory } from '../meta/audiences/directory.ts';
import { faultOfEvent, isUnknownId } from '../meta/audiences/unknown-id.ts';
import { createGivenSessions } from '../meta/audiences/given-sessions.ts';
import { usersSink } from '../meta/audiences/users-sink.ts';
import type { GraphClient } from '../meta/graph-client.ts';
import { throttleScopeNames } from '../meta/throttle-scope-names.ts';
import type { AudiencePort } from '../pipeline/audience/audience-port.ts';
import type { Tracing } from '../tracing/tracing.ts';

export interface AudienceSinksOptions {
  readonly client: GraphClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly scopes: ThrottleScopes;
  /** The newest destination of that name. */
  destinationOf(name: string): Destination | undefined;
  /** How long after its start a request without a definite answer may still arrive. */
  readonly aliveMillis: number;
  /** How long after a partition became ours a request of the process that had it before may still arrive. */
  readonly handOverMillis: number;
  /** As the port's. */
  readonly maxAudiences: number;
  readonly lease: PartitionLease;
  readonly gates: Set<Gate>;
  /** As `ConversionSinkOptions`. */
  isPaused(destination: string): boolean;
  readonly tracing: Tracing;
}

const lingerMillis = 2_000;

/**
 * The audiences at Meta, as the pipeline sees them. Each has a gate of its own. Its requests go through, from the
 * outside in: all-or-nothing, isolating, retrying, fencing, tracking of requests in doubt, and the sink itself.
 */
export function createAudiencePort(options: AudienceSinksOptions): AudiencePort {
  const { client, clock, random, telemetry, scopes, lease } = options;

  const givenSessions = createGivenSessions(clock);

  function newGate(names: LaneNames, { name, settings }: Destination, adAccountId: string | undefined): Gate {
    const shared = throttleScopeNames(settings, 'custom_audience');
    const isOwn = adAccountId === undefined || adAccountId === settings.adAccountId;
    // Ad accounts that events name are without number: what is told of their limits stays with the lane.
    const memberOf = isOwn ? Object.values(shared) : [shared.app];
    const gate = createGate({ ...names, clock, telemetry, scopes, memberOf });
    options.gates.add(gate);
    if (options.isPaused(name)) gate.hold();
    return gate;
  }

  function close(own: Gate): void {
    options.gates.delete(own);
    own.close();
  }

  const maySend = (deliveries: readonly Delivery[]) =>
    lease.isHeld() && !deliveries.some(({ pending }) => pending.abandoned);

  return {
    lingerMillis,
    maxAudiences: options.maxAudiences,
    handOverMillis: options.handOverMillis,
    search(caller, target, signal, unknown, names) {
      const adAccountId = target.kind === 'name' ? target.adAccountId : undefined;
      const own = newGate(names, caller(), adAccountId);
      const closing = new AbortController();
      const directory = audienceDirectory({ client, ...names, clock, telemetry, onUsage: own.slow });
      const ask = (asking: AbortSignal) => directory.find(inAccount(caller(), adAccountId), target, asking);
      const found = retryLookup(
        ask,
        {
          gate: own,
          clock,
          random,
          telemetry,
          ...names,
          givesUp: (failure) => isUnknownId(failure.code) && unknown(faultOfEvent(failure)),
        },
        AbortSignal.any([signal, closing.signal]),
      );
      return {
        found,
        blocked: own.blockage,
        state: own.laneState,
        wake: own.wake,
        close() {
          closing.abort();
          close(own);
        },
      };
    },
    sending(destination, { adAccountId }, watch, names) {
      const own = newGate(names, destination, adAccountId);
      const callerOf = (name: string) => {
        const found = options.destinationOf(name);
        return found && inAccount(found, adAccountId);
      };
      const sending = usersSink({
        client,
        ...names,
        clock,
        random,
        telemetry,
        callerOf,
        maySend(deliveries) {
          const allowed = maySend(deliveries);
          if (allowed) watched.sent();
          return allowed;
        },
        givenSessions,
        onUsage: own.slow,
      });
      const watched = trackingInDoubt(sending, { clock, aliveMillis: options.aliveMillis, watch });
      const fenced = fencing(watched, lease);
      const retried = retrying({ sink: fenced, gate: own, clock, random, telemetry, ...names });
      const { rejectWaiting, dropRemoved } = retried;
      const isolated = options.tracing.sink(
        allOrNothing(isolating({ sink: retried, gate: own })),
        names.lane,
        destination.name,
      );
      const gateParts = {
        blocked: own.blockage,
        state: own.laneState,
        wake: own.wake,
        isAtRest: own.isAtRest,
        close: () => close(own),
      };
      return { sink: { ...isolated, rejectWaiting, dropRemoved, ...gateParts }, quiet: watched.quiet };
    },
  };
}

/** Meta counts a call for the ad account of its audience, which may be another one than that of the settings. */
function inAccount(destination: Destination, adAccountId: string | undefined): Destination {
  return adAccountId === undefined
    ? destination
    : { ...destination, settings: { ...destination.settings, adAccountId } };
}
