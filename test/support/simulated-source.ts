import { offsetRead, type SourceRecord } from '../../src/core/record.ts';
import type { AssignedPartition, CommitRequest, Source, SourceHandlers } from '../../src/core/source.ts';

export interface SimulatedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly SourceRecord[];
}

/** What a broker keeps: committed offsets, which survive the loss and return of a partition. */
export interface SimulatedSource extends Source {
  committed(partition: number): number;
  /** Hands over up to `count` records of every assigned partition that isn't paused. */
  yieldRecords(count: number): void;
  /** Takes the partition away and gives it back under a new epoch, from what was committed. */
  rebalance(partition: number): void;
  paused(): readonly number[];
  withheld(): readonly number[];
  readonly commits: readonly CommitRequest[];
  /** While true, commits fail. */
  coordinatorAway: boolean;
}

/** A source whose every step is taken by the test. */
export function simulatedSource(partitions: readonly SimulatedPartition[]): SimulatedSource {
  const committed = new Map<number, number>();
  const metadata = new Map<number, string | undefined>();
  const positions = new Map<number, number>();
  const epochs = new Map<number, number>();
  const paused = new Set<number>();
  const commits: CommitRequest[] = [];
  let handlers: SourceHandlers | undefined;
  let epoch = 0;
  const withheld = new Set<number>();
  const known = (partition: number) => partitions.find((candidate) => candidate.partition === partition);

  function assign(list: readonly SimulatedPartition[]): void {
    epoch += 1;
    const assigned: AssignedPartition[] = list.map(({ topic, partition, records }) => {
      const position = committed.get(partition) ?? 0;
      positions.set(partition, position);
      epochs.set(partition, epoch);
      paused.delete(partition);
      withheld.delete(partition);
      const kept = metadata.get(partition);
      return {
        topic,
        partition,
        position,
        end: records.at(-1)?.next ?? 0,
        ...(kept !== undefined && { metadata: kept }),
        ...(!committed.has(partition) && { fresh: true as const }),
      };
    });
    handlers?.assigned(assigned, epoch);
  }

  const source: SimulatedSource = {
    coordinatorAway: false,
    async start(given) {
      handlers = given;
      assign(partitions);
    },
    pause(list) {
      for (const { partition } of list) paused.add(partition);
    },
    resume(list) {
      for (const { partition } of list) paused.delete(partition);
    },
    async commit(requests) {
      await new Promise((resolve) => setImmediate(resolve));
      if (source.coordinatorAway) return 'failed';
      if (requests.some((request) => epochs.get(request.partition) !== request.epoch)) return 'fenced';
      for (const request of requests) {
        commits.push(request);
        committed.set(request.partition, request.offset);
        metadata.set(request.partition, request.metadata);
      }
      return 'committed';
    },
    async quiesce() {},
    async stop() {},
    withhold(one) {
      withheld.add(one.partition);
      handlers?.lost([one]);
    },
    readmit({ partition }) {
      const one = known(partition);
      if (one !== undefined && withheld.delete(partition)) assign([one]);
    },
    ready: () => true,
    committed: (partition) => committed.get(partition) ?? 0,
    yieldRecords(count) {
      for (const { topic, partition, records } of partitions) {
        if (paused.has(partition) || withheld.has(partition)) continue;
        const position = positions.get(partition) ?? 0;
        const batch = records.filter((record) => offsetRead(record) >= position).slice(0, count);
        if (batch.length === 0) continue;
        positions.set(partition, batch.at(-1)?.next ?? position);
        handlers?.batch({
          topic,
          partition,
          epoch: epochs.get(partition) ?? 0,
          records: batch,
          end: records.at(-1)?.next ?? 0,
        });
      }
    },
    rebalance(partition) {
      const one = known(partition);
      if (one === undefined) return;
      handlers?.lost([one]);
      assign([one]);
    },
    paused: () => [...paused],
    withheld: () => [...withheld],
    commits,
  };
  return source;
}
