import type { LetGo, Origin, PendingRecord } from '../../core/delivery.ts';
import type { EncodedUpdate } from '../../core/encoded-change.ts';
import type { Failure } from '../../core/outcome.ts';
import type { Destination, Subscription } from '../../core/subscription.ts';

/** What one subscription makes of one record. */
export interface AudienceWork extends LetGo {
  readonly destination: Destination;
  readonly subscription: Subscription;
  /** None are left once they wait in lanes: thousands of works do, and nobody asks for them there. */
  updates: readonly EncodedUpdate[];
  /** Entries that can't be used. */
  readonly failure?: Failure | undefined;
  readonly origin: Origin;
  /** Held once for the whole of it. */
  readonly pending: PendingRecord;
}

/** The audiences (`targetKey`) whose changes are to be parked; `all` that the work has. */
export type ParkedTargets = readonly string[] | 'all';
