import type { ProcessSettings } from '../config/environment.ts';
import { checkHandOver } from '../config/kafka.ts';
import type { Clock } from '../core/ports.ts';
import type { Source } from '../core/source.ts';
import { changesAudiences, type Destination } from '../core/subscription.ts';
import { permanentLease, type PartitionLease, createPartitionLease } from '../delivery/partition-lease.ts';
import type { GraphClient } from '../meta/graph-client.ts';

/** Throws `SETTING_INVALID` if audiences are changed and the settings leave a gap at a hand-over. */
export function checkOwnership(
  source: Source,
  settings: ProcessSettings,
  destinations: readonly Destination[],
): readonly Destination[] {
  if (source.heartbeatAt !== undefined && destinations.some(changesAudiences)) checkHandOver(settings);
  return destinations;
}

/** The lease of the source's partitions. It never ends if no other process can get them. */
export function leaseFor(source: Source, settings: ProcessSettings, clock: Clock, client: GraphClient): PartitionLease {
  const { heartbeatAt } = source;
  if (heartbeatAt === undefined) return permanentLease;
  const maxSilenceMillis = settings.KAFKA_SESSION_TIMEOUT_MS / 2;
  return createPartitionLease({ clock, heartbeatAt, maxSilenceMillis, gap: client.dropSockets });
}

/**
 * How long a process that gets a partition waits before it changes audiences, if the last owner did not leave in order.
 * In a group the last owner's session had to end first, which also takes time; a file may be read on at once.
 */
export function handOverMillis(source: Source, settings: ProcessSettings): number {
  const ofRequest = settings.META_REQUEST_TIMEOUT_MS + settings.META_HAND_OVER_MARGIN_MS;
  return source.heartbeatAt === undefined ? Math.max(ofRequest, settings.META_REQUEST_ALIVE_MS) : ofRequest;
}
