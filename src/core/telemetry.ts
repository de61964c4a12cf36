import type { IdentifierStatuses } from './identifiers.ts';
import type { Failure } from './outcome.ts';

type Counts = Readonly<Record<string, number>>;

/** What a lane is called. */
export interface LaneNames {
  readonly lane: string;
  /** Of lanes without number, one for each audience that events name: what metrics call all of them. */
  readonly group?: string;
}

/**
 * Everything that operators can see: `observe` makes a log line and a metric of each event. Members are ids, codes,
 * counts and durations; never an identifier of a person, a token or a payload.
 */
export type TelemetryEvent =
  | {
      readonly kind: 'started';
      readonly version: string;
      readonly destinations: readonly string[];
      /** `destination/subscription` each. */
      readonly subscriptions: readonly string[];
      readonly source: string;
      readonly topics: readonly string[];
      readonly group?: string;
      /** Where dead letters go: `topic:NAME` or `file:PATH`. */
      readonly deadLetters: string;
      /** The Graph API that is sent to. */
      readonly graph: string;
      /** Where `/readyz` is. */
      readonly ops: string;
    }
  | {
      readonly kind: 'stopped';
      /** Everything that was read is settled and committed. */
      readonly clean: boolean;
      readonly seconds: number;
      readonly read: Counts;
      readonly settled: Counts;
      readonly delivered: Counts;
      readonly skipped: Counts;
      readonly deadLetters: Readonly<Record<string, Counts>>;
    }
  | { readonly kind: 'records_read'; readonly topic: string; readonly count: number; readonly bytes: number }
  | { readonly kind: 'record_settled'; readonly topic: string; readonly count: number }
  | {
      readonly kind: 'matched';
      readonly destination: string;
      readonly subscription: string;
      readonly action: string;
      readonly count: number;
    }
  | {
      readonly kind: 'skipped';
      readonly destination: string;
      readonly subscription: string;
      readonly reason: string;
      readonly count: number;
    }
  | {
      readonly kind: 'warned';
      readonly destination: string;
      readonly subscription: string;
      readonly code: string;
      readonly field?: string;
    }
  | {
      readonly kind: 'identified';
      readonly destination: string;
      readonly subscription: string;
      /** For an audience, which knows other identifiers than conversions. */
      readonly audience: boolean;
      readonly statuses: IdentifierStatuses;
    }
  | {
      readonly kind: 'test_event_code';
      readonly destination: string;
      readonly subscription: string;
      /** False: no longer. */
      readonly marked: boolean;
    }
  /** Requests go through these; without user and password. */
  | { readonly kind: 'proxies'; readonly https?: string; readonly http?: string; readonly none?: string }
  /** How long Meta takes the version of a destination; `Infinity`: no end is known; absent: it isn't used any more. */
  | { readonly kind: 'api_version'; readonly destination: string; readonly api: string; readonly daysLeft?: number }
  /** A person changed something through the API: who (as far as is known), what, and of what. */
  | { readonly kind: 'audit'; readonly who: string; readonly what: string; readonly of?: string }
  /** Identifiers of people were shown to somebody who asked for it. */
  | { readonly kind: 'identifiers_shown'; readonly who: string; readonly of: string }
  | { readonly kind: 'config_reloaded'; readonly destinations: number; readonly subscriptions: number }
  /** The new configuration is wrong: the one before stays active. */
  | { readonly kind: 'config_refused'; readonly message: string }
  | {
      readonly kind: 'batch_closed';
      readonly destination: string;
      readonly trigger: 'count' | 'bytes' | 'linger' | 'drain' | 'room';
      readonly deliveries: number;
      readonly bytes: number;
    }
  | {
      readonly kind: 'request_finished';
      readonly destination: string;
      readonly lane: string;
      readonly outcome: string;
      readonly deliveries: number;
      readonly bytes: number;
      readonly durationMillis: number;
      readonly failure?: Failure;
    }
  /** Events, or changes of audiences, that are in a request for the first time. */
  | { readonly kind: 'sent'; readonly destination: string; readonly subscription: string; readonly count: number }
  | {
      readonly kind: 'delivered';
      readonly destination: string;
      readonly subscription: string;
      readonly action: string;
      readonly count: number;
    }
  | {
      readonly kind: 'dead_letter';
      /** These two are empty where the record as such is at fault. */
      readonly destination: string;
      readonly subscription: string;
      readonly code: string;
      readonly message: string;
      readonly fix?: string;
      readonly topic: string;
      readonly partition: number;
      readonly offset: number;
      /** Which of the record's events, where it holds several. */
      readonly event?: number;
      readonly field?: string;
    }
  /** The program failed on a record, which became a dead letter. */
  | {
      readonly kind: 'bug';
      readonly topic: string;
      readonly partition: number;
      readonly offset: number;
      readonly message: string;
    }
  | ({ readonly kind: 'retry_scheduled'; readonly failure: Failure; readonly waitMillis: number } & LaneNames)
  | ({ readonly kind: 'lane_throttled'; readonly failure: Failure; readonly waitMillis: number } & LaneNames)
  | ({ readonly kind: 'lane_blocked'; readonly failure: Failure; readonly nextProbeMillis: number } & LaneNames)
  | ({ readonly kind: 'lane_opened' } & LaneNames)
  | ({ readonly kind: 'usage'; readonly percent: number } & LaneNames)
  | {
      readonly kind: 'partition_assigned';
      readonly topic: string;
      readonly partition: number;
      readonly position: number;
    }
  | { readonly kind: 'partition_lost'; readonly topic: string; readonly partition: number }
  /** The partition's last owner may still have requests on their way: changes of audiences wait, all else goes on. */
  | {
      readonly kind: 'hand_over_waits';
      readonly topic: string;
      readonly partition: number;
      readonly waitMillis: number;
      /** `unknown`: another program made the commit. */
      readonly reason: 'not_clean' | 'unknown';
    }
  | { readonly kind: 'hand_over_done'; readonly topic: string; readonly partition: number }
  | { readonly kind: 'partition_paused'; readonly topic: string; readonly partition: number; readonly reason: string }
  | { readonly kind: 'partition_resumed'; readonly topic: string; readonly partition: number }
  | {
      readonly kind: 'committed';
      readonly topic: string;
      readonly partition: number;
      readonly offset: number;
    }
  | { readonly kind: 'commit_failed'; readonly result: 'fenced' | 'failed'; readonly message: string }
  | { readonly kind: 'dead_letters_failed'; readonly message: string; readonly waitMillis: number }
  | { readonly kind: 'in_flight'; readonly records: number; readonly bytes: number }
  /**
   * A destination's deliveries of a partition are parked from now on; or all have come back, and are sent directly
   * again.
   */
  | {
      readonly kind: 'parking';
      readonly destination: string;
      readonly topic: string;
      readonly partition: number;
      readonly state: 'parked' | 'drained';
    }
  | { readonly kind: 'parked'; readonly destination: string; readonly count: number }
  | { readonly kind: 'parked_records'; readonly destination: string; readonly records: number }
  | {
      readonly kind: 'parking_failed';
      readonly destination: string;
      readonly message: string;
      readonly waitMillis: number;
    }
  /** How soon a blocked lane will have filled what may be in flight, so that every lane waits; `Infinity`: never. */
  /** How many partitions are held back until the schema registry answers. */
  | { readonly kind: 'waiting_for_schemas'; readonly partitions: number }
  | { readonly kind: 'window'; readonly secondsLeft: number }
  /** How soon the broker deletes a record that a blocked lane holds; `Infinity`: never, or nothing is held. */
  | { readonly kind: 'retention'; readonly secondsLeft: number }
  /** How far a partition is behind. */
  | {
      readonly kind: 'lag';
      readonly topic: string;
      readonly partition: number;
      /** From what is committed to the partition's end; absent: its end isn't known. */
      readonly left?: number;
      readonly unit: 'records' | 'bytes';
      /** Age of the oldest record that is read and not settled; 0: there is none. */
      readonly oldestMillis: number;
    }
  /** From the time of the record until Meta had the delivery: how many there were in each class (`delayClassesMillis`). */
  | {
      readonly kind: 'delays';
      readonly destination: string;
      readonly counts: readonly number[];
      readonly sumMillis: number;
    }
  /** The webhook has taken a message with so many changes of state. */
  | { readonly kind: 'notified'; readonly changes: number }
  | {
      readonly kind: 'notify_failed';
      /** `HTTP_503`, `TIMEOUT`, `ECONNREFUSED` … */
      readonly reason: string;
      readonly changes: number;
      readonly waitMillis: number;
    }
  | { readonly kind: 'warning'; readonly code: string; readonly message: string };

export function namesOf({ lane, group }: LaneNames): LaneNames {
  return group === undefined ? { lane } : { lane, group };
}
