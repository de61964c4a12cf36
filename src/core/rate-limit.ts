/** How much of a rate limit is used, as Meta reports it on answers. */
export interface RateLimitUsage {
  /** The highest share of any limit; above 100 when it is exceeded. */
  readonly percent: number;
  /** Milliseconds until calls are allowed again, if Meta names a time. */
  readonly regainMillis?: number;
}
