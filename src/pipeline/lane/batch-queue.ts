import type { Delivery } from '../../core/delivery.ts';
import type { Rejected } from './rejection-report.ts';

/** What is sent in one request, and what was rejected before sending while it was filled. */
export interface ClosedBatch {
  readonly deliveries: readonly Delivery[];
  readonly early: readonly Rejected[];
}

/** Batches that wait for a request, in order. */
export interface BatchQueue {
  add(batch: ClosedBatch): void;
  next(): ClosedBatch | undefined;
  /** Keeps of each batch what `kept` returns; one of which nothing is left is gone. */
  keep(kept: (deliveries: readonly Delivery[]) => readonly Delivery[]): void;
  /** Of each batch those that `which` is true for. */
  those(which: (delivery: Delivery) => boolean): readonly (readonly Delivery[])[];
  isEmpty(): boolean;
  /** Deliveries in all of them. */
  size(): number;
}

export function createBatchQueue(): BatchQueue {
  let batches: ClosedBatch[] = [];
  let size = 0;
  return {
    add(batch) {
      batches.push(batch);
      size += batch.deliveries.length;
    },
    next() {
      const batch = batches.shift();
      size -= batch?.deliveries.length ?? 0;
      return batch;
    },
    keep(kept) {
      const left = batches.map(({ deliveries, early }) => ({ deliveries: kept(deliveries), early }));
      batches = left.filter(({ deliveries }) => deliveries.length > 0);
      size = batches.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
    },
    those: (which) => batches.map(({ deliveries }) => deliveries.filter(which)),
    isEmpty: () => batches.length === 0,
    size: () => size,
  };
}
