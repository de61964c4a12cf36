import type { AudienceTarget, ResolvedAudience } from '../../core/audience.ts';
import type { RequestWatch } from '../../core/delivery.ts';
import { ConnectorError } from '../../core/errors.ts';
import type { LaneState } from '../../core/lane-state.ts';
import type { Failure } from '../../core/outcome.ts';
import type { Destination } from '../../core/subscription.ts';
import type { LaneNames } from '../../core/telemetry.ts';
import type { Blockage, LaneSink } from '../lane/lane.ts';

/** The search for an audience, with retries and a gate of its own. */
export interface AudienceSearch {
  /**
   * Found, checked and if need be created, as long as that takes; undefined: `unknown` gave it up. Rejects only when it is
   * aborted.
   */
  readonly found: Promise<ResolvedAudience | undefined>;
  blocked(): Blockage | undefined;
  /** Absent: only whether it is blocked is known. */
  state?(): LaneState;
  wake(): void;
  /** Ends the search. */
  close(): void;
}

/** What an audience's requests go through. */
export interface AudienceSending {
  /** Each row goes with the newest token of its destination. */
  readonly sink: LaneSink;
  /** Waits until no request can still arrive at Meta, also one without an answer. */
  quiet(signal: AbortSignal): Promise<void>;
}

/** Audiences at Meta, as the pipeline needs them. */
export interface AudiencePort {
  /** How long a change waits for company, where the destination says nothing. */
  readonly lingerMillis: number;
  /** So many audiences may be looked up and changed at once: changes of others wait. Default 1,000. */
  readonly maxAudiences?: number;
  /** How long after a partition became ours a request of the process that had it before may still arrive. */
  readonly handOverMillis: number;
  /**
   * `caller`: whose settings and token are used, at the moment of the call. `unknown` is asked each time Meta says that it
   * doesn't know the target: true gives the search up, else it waits for a person.
   */
  search(
    caller: () => Destination,
    target: AudienceTarget,
    signal: AbortSignal,
    unknown: (failure: Failure) => boolean,
    names: LaneNames,
  ): AudienceSearch;
  /** Asked once per lane of an audience. `watch` is to hear of every request that carries rows. */
  sending(destination: Destination, audience: ResolvedAudience, watch: RequestWatch, names: LaneNames): AudienceSending;
}

/** Where no subscription changes audiences. */
export const noAudiences: AudiencePort = {
  lingerMillis: 0,
  handOverMillis: 0,
  search: noPort,
  sending: noPort,
};

function noPort(): never {
  throw new ConnectorError('NO_AUDIENCES', 'A subscription changes audiences, and nothing is there to send them.');
}
