import { hostname } from 'node:os';
import type { ProcessSettings } from '../config/environment.ts';
import { groupOf } from '../config/kafka.ts';
import type { Mappings } from './mappings.ts';
import { isWebAddress } from './members/announced-member.ts';
import type { Circumstances } from './views/facts.ts';

export interface CircumstancesOptions {
  readonly settings: ProcessSettings;
  readonly version: string;
  /** `kafka`, `file:PATH`, or `-`. */
  readonly source: string;
  /** As `Endpoints` has it: its group is another one then. */
  readonly share?: string | undefined;
  readonly mappings: Pick<Mappings, 'active'>;
  /** Unix milliseconds. */
  now(): number;
}

/** @param deadLetters `topic:NAME` or `file:PATH`. */
export function circumstancesOf(
  { settings, version, source, share, mappings, now }: CircumstancesOptions,
  startedAt: number,
  deadLetters: string,
): Circumstances {
  const { OPS_URL: opsUrl } = settings;
  return {
    ...{ now, startedAt, version, source, deadLetters },
    host: hostname(),
    graphUrl: settings.META_GRAPH_URL,
    ...(source === 'kafka' && { group: groupOf(settings, share) }),
    ...(opsUrl !== undefined && isWebAddress(opsUrl) && { opsUrl }),
    maxInFlightBytes: settings.MAX_IN_FLIGHT_BYTES,
    destinations: mappings.active,
  };
}
