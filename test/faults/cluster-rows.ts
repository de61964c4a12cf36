import { asAdmin } from '../support/kafka-broker.ts';
import type { Row } from './row.ts';
import type { Scene } from './scene.ts';

/** Who leads a partition; for groups, where their positions are. */
async function leaderOf({ broker }: Scene, topic: string, partition: number): Promise<number> {
  const { topics } = await asAdmin(broker.brokers, (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  const leader = topics[0]?.partitions.find(({ partitionId }) => partitionId === partition)?.leader;
  if (leader === undefined) throw new Error(`nobody leads partition ${partition} of ${topic}`);
  return leader;
}

/** Which broker has the group: the leader of the partition that its name hashes to, as Java hashes texts. */
async function coordinatorOf(scene: Scene, group: string): Promise<number> {
  const { topics } = await asAdmin(scene.broker.brokers, (admin) =>
    admin.fetchTopicMetadata({ topics: ['__consumer_offsets'] }),
  );
  const hash = [...group].reduce((sum, letter) => (Math.imul(31, sum) + letter.charCodeAt(0)) | 0, 0);
  return leaderOf(scene, '__consumer_offsets', (hash & 0x7fff_ffff) % (topics[0]?.partitions.length ?? 1));
}

/**
 * The broker that has the group and the one that leads the dead letters go, one after the other, one in a crash and one in
 * peace, and come back. Records, letters and positions have three replicas: the connector goes on with two.
 */
export const clusterRow: Row = {
  name: 'three brokers: the coordinator is killed, a leader is stopped, and both come back',
  brokers: 3,
  isOutage: true,
  // About 1,300 events a second: something is on its way when a broker goes.
  scene: { maxEvents: 200, letterPartitions: 6, environment: { REQUESTS_PER_LANE: '2' } },
  allowed: { repetitions: 'ambiguous' },
  async play(scene) {
    const { broker, count } = scene;
    await scene.start();
    await scene.fault({ kind: 'latency', millis: 300 });
    for (const end of [broker.kill, broker.halt]) {
      await scene.produce(count / 4);
      await scene.accepted(count / 50);
      const goes =
        end === broker.kill ? await coordinatorOf(scene, scene.topic) : await leaderOf(scene, scene.letterTopic, 0);
      await end?.(goes);
      scene.interrupted();
      if (end === broker.kill) await scene.meanwhile();
      await scene.until('led by others', async () => (await leaders(scene)).every(({ leader }) => leader !== goes));
      await scene.produce(count / 4);
      await scene.accepted(count / 20);
      await broker.startAgain?.(goes);
      scene.interrupted();
      await allInSync(scene);
    }
    await scene.fault();
  },
};

async function leaders({ broker, topic, letterTopic }: Scene) {
  const topics = [topic, letterTopic, '__consumer_offsets'];
  const found = await asAdmin(broker.brokers, (admin) => admin.fetchTopicMetadata({ topics }));
  return found.topics.flatMap(({ partitions }) => partitions);
}

/** Two replicas must have what counts as written: the next broker may go only when all three have it again. */
async function allInSync(scene: Scene): Promise<void> {
  await scene.until('in sync', async () => (await leaders(scene)).every(({ isr }) => isr.length === 3));
}
