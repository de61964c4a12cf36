import type { AudienceChange } from '../../core/audience.ts';
import type { Delivery } from '../../core/delivery.ts';
import type { WorkProgress } from './work-progress.ts';
import type { SentRow } from './requests.ts';
import type { AudienceWork } from '../route/audience-work.ts';

/** What a change on its way belongs to. */
export interface ChangeItem {
  readonly work: AudienceWork;
  readonly progress: WorkProgress;
  /** `targetKey` */
  readonly target: string;
  readonly bytes: number;
}

/** What a change costs beyond its text: the objects around it, and its row's text and delivery while it is sent. */
const overheadBytes = 3_500;
const bytesPerCell = 120;

/** A row on its way, as lanes know it. */
export function deliveryOf({ of, batchKey, body, bytes, terms }: SentRow<ChangeItem>): Delivery {
  const { destination, subscription, origin, pending } = of.item.work;
  return {
    destination: destination.name,
    subscription: subscription.id,
    action: subscription.action.key,
    batchKey,
    body,
    bytes,
    terms,
    origin,
    pending,
  };
}

/** What a change costs while it is on its way. */
export function bytesOf(change: AudienceChange): number {
  return change.rows.reduce((sum, row) => sum + bytesPerCell * Object.keys(row).length, overheadBytes);
}
