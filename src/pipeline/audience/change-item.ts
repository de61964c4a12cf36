import type { Delivery, Sending } from '../../core/delivery.ts';
import type { EncodedChange } from '../../core/encoded-change.ts';
import type { AudienceWork } from '../route/audience-work.ts';
import type { SentRow } from './requests.ts';
import type { WorkProgress } from './work-progress.ts';

/** What a change on its way belongs to. */
export interface ChangeItem extends Sending {
  readonly work: AudienceWork;
  readonly progress: WorkProgress;
  /** `targetKey` */
  readonly target: string;
  /** As the target's. */
  readonly fromEvent: boolean;
  readonly bytes: number;
}

/**
 * What a change costs beyond its row: the objects around it, its delivery while it is sent, and about as much of earlier ones
 * that the collector has not come to.
 */
const overheadBytes = 2_500;
/** Of hashes, and twice while they are sent. */
const bytesPerCell = 140;

/** A row on its way, as lanes know it. */
export function deliveryOf({ of, batchKey, body, at = 0, bytes, terms }: SentRow<ChangeItem>): Delivery {
  const { work, fromEvent } = of.item;
  const { destination, subscription, origin, pending } = work;
  return {
    destination: destination.name,
    subscription: subscription.id,
    action: subscription.action.key,
    batchKey,
    body,
    at,
    bytes,
    terms,
    change: of.item,
    fromEvent,
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
