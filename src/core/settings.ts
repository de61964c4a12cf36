/** A value that is never printed. Read at the moment of use, so that a rotated file is seen. */
export interface Secret {
  /** `environment variable NAME` or `file PATH`: safe to print. */
  readonly origin: string;
  read(): string;
}

export interface BatchLimits {
  /** Conversions: events in a request, at most 1,000 (Meta: using the API). */
  readonly maxEvents: number;
  /** Audiences: rows in a request, at most 10,000. */
  readonly maxRows: number;
  readonly maxBytes: number;
  /** How long a batch may wait for company; undefined: 500 ms for conversions, 2 s for audiences. */
  readonly lingerMillis?: number;
  /** Conversions: how long, if the lane is idle; undefined: as long as any other. */
  readonly idleLingerMillis?: number;
}

/** A subscription is stopped when both are reached among its last 1,000 outcomes. */
export interface RejectionRateSettings {
  /** The share of rejected outcomes, from 0 to 1. */
  readonly share: number;
  readonly minimum: number;
}

/** The checked `settings` of a destination file. */
export interface DestinationSettings {
  readonly pixelId?: string;
  /** With `act_`. */
  readonly adAccountId?: string;
  readonly accessToken: Secret;
  readonly appSecret?: Secret;
  /** `v26.0` */
  readonly apiVersion: string;
  readonly batch: BatchLimits;
  readonly testEventCode?: string;
  readonly partnerAgent?: string;
  readonly uploadTag?: string;
  /** What Meta accepts but advises against: reject it, or send it with a warning. */
  readonly requirements: 'enforce' | 'warn';
  /** ISO 3166-1 alpha-2, lower case: how a phone number without a country code is read. */
  readonly defaultCountry?: string;
  /** What comes first in a birthday whose year comes last; absent: the month. */
  readonly dateOrder?: 'mdy' | 'dmy';
  readonly tooOld: 'dead_letter' | 'drop';
  /** Identifiers of well-known names are taken out of custom_data unless mapped there explicitly. */
  readonly stripIdentifiers: boolean;
  /** Names, besides the destination's own, by which `integrations` of an event means this destination. */
  readonly integrationNames: readonly string[];
  /**
   * What becomes of the deliveries of a blocked lane that fills the window: they are parked, or become dead letters
   * after this time; absent: they wait.
   */
  readonly onBlocked?: 'park' | { readonly deadLetterAfterMillis: number };
  /** The setting `fuse`. Absent: at least half of them, and at least 200. */
  readonly rejectionRate?: RejectionRateSettings | false;
  /** More rejected deliveries of one batch block the lane; absent or negative: never. */
  readonly maxRejectedPerBatch?: number;
  /** What is particular to audiences; absent: the defaults of each. */
  readonly audiences?: AudienceSettings;
}

export interface AudienceSettings {
  /** External ids are hashed in audiences too, as Segment and RudderStack can be told to. Default: sent as given. */
  readonly hashExternalId?: boolean;
  /** A person without an external id is set aside, whatever else identifies them. */
  readonly requireExternalId?: boolean;
  /** What tells who a person is; absent: `strict`. */
  readonly identifying?: 'strict' | 'meta';
  /** Versions of the identity rules that a removal is hashed by; absent: all. */
  readonly removalVersions?: readonly number[];
}
