import type { AudienceRequestTerms } from '../../core/audience.ts';
import type { Sending } from '../../core/delivery.ts';
import type { EncodedChange, EncodedRow, EncodedUpdate } from '../../core/encoded-change.ts';
import type { AudienceWork } from '../route/audience-work.ts';
import type { QueuedChange } from './flush-queue.ts';
import type { SentRow } from './requests.ts';
import type { WorkProgress } from './work-progress.ts';

/** A change on its way, and what its end is reported to. */
export interface ChangeInFlight extends QueuedChange, Sending {
  readonly work: AudienceWork;
  /** Undefined: it is all of the work. */
  readonly progress: WorkProgress | undefined;
  /** `targetKey` */
  readonly target: string;
  /** As the target's. */
  readonly fromEvent: boolean;
  readonly bytes: number;
}

/**
 * One object with all members from the start: thousands wait, and the collector's work is by the number of objects
 * (docs/decisions/0620-collecting-what-waits.md).
 */
export function changeInFlight(
  { operation, user, identifiers, rows, entry }: EncodedChange,
  { settings, target: wanted }: EncodedUpdate,
  work: AudienceWork,
  { progress, target, bytes }: Pick<ChangeInFlight, 'progress' | 'target' | 'bytes'>,
): ChangeInFlight {
  return {
    operation,
    user,
    identifiers,
    rows,
    entry,
    settings,
    destination: work.destination.name,
    work,
    progress,
    target,
    fromEvent: wanted.fromEvent === true,
    bytes,
    sent: false,
  };
}

/**
 * What a change costs beyond its row: the objects around it, its delivery while it is sent, and about as much of earlier ones
 * that the collector has not come to.
 */
const overheadBytes = 2_500;
/** Of hashes, and twice while they are sent. */
const bytesPerCell = 140;

/** A row on its way, as lanes know it. */
export function deliveryOf(
  change: ChangeInFlight,
  { body, at = 0, bytes }: EncodedRow,
  batchKey: string,
  terms: AudienceRequestTerms,
): SentRow<ChangeInFlight> {
  const { destination, subscription, origin, pending } = change.work;
  return {
    destination: destination.name,
    subscription: subscription.id,
    action: subscription.action.key,
    batchKey,
    body,
    at,
    bytes,
    terms,
    change,
    fromEvent: change.fromEvent,
    origin,
    pending,
  };
}

/** What a change costs while it is on its way. */
export function bytesOf(change: EncodedChange): number {
  let bytes = overheadBytes;
  for (const { schema } of change.rows) bytes += bytesPerCell * schema.length;
  return bytes;
}
