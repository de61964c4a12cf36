/** What can hold and end, and is told to people when it does. */
export type ConditionKind =
  | 'lane_blocked'
  | 'subscription_stopped'
  | 'partition_held'
  | 'source_away'
  | 'schemas_missing'
  | 'dead_letters_fail'
  | 'parking_fails'
  | 'dead_letter_rate'
  | 'window_short'
  | 'retention_short'
  | 'version_ends'
  | 'token_ends'
  | 'reload_refused';

/** Something that holds just now and that a person would want to know. Never an identifier, a token or a payload. */
export interface Condition {
  readonly kind: ConditionKind;
  /** What it is about: a lane, a partition. With the kind, it tells one condition from the others. */
  readonly subject: string;
  readonly destination?: string;
  readonly code: string;
  /** Another code of the same condition is news, and so is another stage. */
  readonly stage?: number;
  readonly message: string;
  readonly fix?: string;
}

/** A condition that began, ended, or goes on for another reason. */
export interface Change {
  readonly condition: Condition;
  readonly state: 'begun' | 'ended';
  /** By the monotonic clock. */
  readonly since: number;
  /** By the monotonic clock; only of what has ended. */
  readonly ended?: number;
  /** How often it has begun and ended since it was told last. */
  readonly times: number;
}
