import type { PendingRecord, RequestWatch } from '../../core/delivery.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { Partition } from './partition.ts';
import { partitionKey } from '../../core/record.ts';
import type { HandOverState } from './hand-over-state.ts';

export interface HandOverOptions {
  readonly partitions: ReadonlyMap<string, Partition>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** How long after a partition became ours a request of the process that had it before may still arrive. */
  readonly waitMillis: number;
  /** Some subscription changes audiences. */
  changesAudiences(): boolean;
  /** Commits soon, and then calls `tick`. */
  commit(): void;
  failed(error: unknown): void;
}

/**
 * Changes of audiences wait, in order, until nothing of the process that had their partition before can undo them, and
 * until the group's commit tells the next process that something of ours may be on its way. The first is the case at
 * once where that process left in order, or where there was none.
 */
export interface HandOver {
  /** Calls `go` as soon as changes of this record may go on, at once if they may already. */
  pass(pending: PendingRecord, go: () => void): void;
  /** To hear of every request that carries rows. */
  readonly watch: RequestWatch;
  /** What a commit is to say of the partition: that nothing of ours is on its way. Undefined: nothing. */
  clean(partition: Partition): boolean | undefined;
  /** The commit must be made even where it would repeat what is committed. */
  mustAnnounce(partition: Partition): boolean;
  /** Something was committed, or partitions went to another process. */
  tick(): void;
  /** What waits. */
  held(): number;
  /** No request is started any more: from now on commits say whether all have ended. */
  close(): void;
}

const tickMillis = 1_000;

export function createHandOver(options: HandOverOptions): HandOver {
  const { partitions, clock, telemetry } = options;
  const closing = new AbortController();
  const held = new Set<Partition>();

  function partitionOf(pending: PendingRecord): Partition | undefined {
    return pending.abandoned ? undefined : partitions.get(partitionKey(pending));
  }

  function arrivalsUntil({ inherited, since }: HandOverState): number {
    return inherited === 'nothing' ? since : since + options.waitMillis;
  }

  /** Commits "not clean", and waits if an earlier process may not be done. */
  async function begin(owned: Partition): Promise<void> {
    const { topic, partition, handOver } = owned;
    const { inherited } = handOver;
    handOver.changing = true;
    options.commit();
    const left = () => arrivalsUntil(handOver) - clock.monotonic();
    if (inherited === 'nothing' || left() <= 0) return;
    handOver.reported = true;
    telemetry.emit({ kind: 'hand_over_waits', topic, partition, waitMillis: left(), reason: inherited });
    while (left() > 0 && !owned.lost && !closing.signal.aborted) {
      await clock.sleep(Math.min(left(), tickMillis), closing.signal);
    }
  }

  function mayGo({ handOver, lost }: Partition): boolean {
    // What was lost goes on to be dropped.
    return lost || (handOver.announced && clock.monotonic() >= arrivalsUntil(handOver));
  }

  function open({ topic, partition, handOver, lost }: Partition): void {
    handOver.open = true;
    if (handOver.reported && !lost) telemetry.emit({ kind: 'hand_over_done', topic, partition });
    for (const go of handOver.waiting.splice(0)) go();
  }

  function tick(): void {
    if (closing.signal.aborted) return;
    for (const partition of [...held]) {
      if (!mayGo(partition)) continue;
      held.delete(partition);
      open(partition);
    }
  }

  return {
    pass(pending, go) {
      const partition = partitionOf(pending);
      if (partition === undefined || partition.handOver.open) return go();
      partition.handOver.waiting.push(go);
      held.add(partition);
      if (!partition.handOver.changing) void begin(partition).then(tick).catch(options.failed);
    },
    watch(deliveries) {
      const used = new Set<HandOverState>();
      let last: { readonly topic: string; readonly partition: number } | undefined;
      for (const { pending } of deliveries) {
        // Neighbours are mostly of one partition.
        if (pending.topic === last?.topic && pending.partition === last.partition) continue;
        const partition = partitionOf(pending);
        if (partition === undefined) continue;
        used.add(partition.handOver);
        last = pending;
      }
      for (const state of used) state.underWay += 1;
      return (aliveUntil) => {
        for (const state of used) {
          state.underWay -= 1;
          state.aliveUntil = Math.max(state.aliveUntil, aliveUntil);
        }
      };
    },
    clean({ handOver }) {
      if (!handOver.changing && !options.changesAudiences()) return undefined;
      const { inherited, changing, underWay, aliveUntil } = handOver;
      if (!closing.signal.aborted) return inherited === 'nothing' && !changing;
      return underWay === 0 && clock.monotonic() >= Math.max(aliveUntil, arrivalsUntil(handOver));
    },
    mustAnnounce: ({ handOver }) => handOver.changing && !handOver.announced,
    tick,
    held: () => [...held].reduce((sum, { handOver }) => sum + handOver.waiting.length, 0),
    close: () => closing.abort(),
  };
}
