import type { ConnectorInside } from '../../connector/inside.ts';
import { partitionKey } from '../../core/record.ts';
import type { Facts } from './facts.ts';
import type { AnswerOf } from '../server/handler.ts';

type PartitionStatus = ReturnType<ConnectorInside['partitions']>[number];
type Shown = AnswerOf<'partitions'>['partitions'][number];

export function partitionsAnswer(facts: Facts): AnswerOf<'partitions'> {
  const held = facts.heldPartitions();
  const reasons = new Map(held.map(({ reason, ...at }) => [partitionKey(at), reason]));
  const waits = facts.waits().join(' ');
  const read = facts.partitions();
  const known = new Set(read.map(partitionKey));
  const unread = held.filter((at) => !known.has(partitionKey(at)));
  return {
    partitions: [
      ...read.map((partition) => shown(partition, reasons.get(partitionKey(partition)) ?? waits, facts.now())),
      ...unread.map(({ topic, partition, reason }): Shown => {
        return { topic, partition, state: 'waiting', reason, position: 0, committed: 0, inFlight: 0 };
      }),
    ],
  };
}

function shown(partition: PartitionStatus, waits: string, now: number): Shown {
  const { topic, position, committed, end, left, unit, inFlight, oldestMillis, paused, handOverWaits } = partition;
  const reason = waits !== '' ? waits : reasonOf(paused, handOverWaits);
  return {
    topic,
    partition: partition.partition,
    state: stateOf(waits !== '', partition),
    position,
    committed,
    inFlight,
    ...(reason !== undefined && { reason }),
    ...(end !== undefined && { end }),
    // Positions of a file are bytes: how many records are behind the end isn't known.
    ...(left !== undefined && unit === 'records' && { lag: left }),
    ...(inFlight > 0 && { oldestAt: now - oldestMillis, oldestAgeSeconds: oldestMillis / 1000 }),
  };
}

function stateOf(waits: boolean, { paused, handOverWaits }: PartitionStatus): Shown['state'] {
  if (waits || handOverWaits) return 'waiting';
  return paused ? 'paused' : 'reading';
}

function reasonOf(paused: boolean, handOverWaits: boolean): string | undefined {
  if (handOverWaits) return 'changes of audiences wait until nothing of an earlier process can still arrive';
  return paused ? 'as much is in flight as may be: it is read on when some of it is settled' : undefined;
}
