import { partitionKey } from '../../core/record.ts';
import type { Source } from '../../core/source.ts';
import type { Blockage } from '../lane/lane.ts';
import type { Partition } from '../partition/partition.ts';
import type { OpenQueue, ParkingQueues } from './parking-queues.ts';

/** Keeps the source from reading parking partitions whose lanes are blocked. */
export interface Withholding {
  /**
   * A parking partition is read only while what comes from it can be delivered, or where one of them is to try.
   *
   * @param queues All of one destination.
   * @param blocked Those of the destination's lanes that are blocked.
   */
  update(queues: readonly OpenQueue[], blocked: ReadonlyMap<string, Blockage>): void;
}

export function createWithholding(
  source: Pick<Source, 'withhold' | 'readmit'>,
  partitions: ReadonlyMap<string, Partition>,
  { backlogOf }: Pick<ParkingQueues, 'backlogOf'>,
): Withholding {
  /** Which parking partitions the source keeps back. */
  const withheld = new Set<string>();

  function withhold({ parkingPartition }: OpenQueue): void {
    const key = partitionKey(parkingPartition);
    if (!partitions.has(key) || source.withhold === undefined) return;
    withheld.add(key);
    source.withhold(parkingPartition);
  }

  function readmit({ parkingPartition }: OpenQueue): void {
    const key = partitionKey(parkingPartition);
    if (withheld.delete(key) && !partitions.has(key)) source.readmit?.(parkingPartition);
  }

  return {
    update(queues, blocked) {
      const waiting = [...blocked].flatMap(([lane, { due }]) => (due === true ? [] : [lane]));
      let trying = [...blocked].flatMap(([lane, { due }]) => (due === true ? [lane] : []));
      for (const queue of queues) {
        queue.open = !queue.uses(blocked.keys());
        const tries = queue.uses(trying);
        const waits = queue.uses(waiting) || (!queue.open && !tries);
        // One queue is enough for a lane to try with.
        if (tries && !waits && backlogOf(queue) > 0) trying = trying.filter((lane) => !queue.uses([lane]));
        if (waits) withhold(queue);
        else readmit(queue);
      }
    },
  };
}
