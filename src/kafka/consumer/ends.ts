import type { Cluster } from 'kafkajs';
import type { TopicPartition } from '../../core/record.ts';

/** Where partitions end, as this consumer may read them: one request to each leader, over the connections that are there. */
export async function endsOf(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
): Promise<readonly (TopicPartition & { readonly end: number })[]> {
  const topics = Map.groupBy(partitions, ({ topic }) => topic);
  const asked = [...topics].map(([topic, list]) => ({
    topic,
    partitions: list.map(({ partition }) => ({ partition })),
    fromBeginning: false,
  }));
  const found = await cluster.fetchTopicsOffset(asked);
  return found.flatMap(({ topic, partitions: ends }) =>
    ends.map(({ partition, offset }) => ({ topic, partition, end: Number(offset) })),
  );
}
