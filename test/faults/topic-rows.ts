import type { Row } from './row.ts';
import { soundOrders } from './workload.ts';

/**
 * The new log has more than the group had read of the old one, so that every position of the old one exists in it, too.
 * The group has them again: the broker deletes them with the topic, but not what a member commits after that.
 * Needs a broker that deletes topics.
 */
export const remadeRow: Row = {
  name: 'driven: the topic is deleted and made again, and then another process starts',
  scene: { workload: soundOrders, environment: { COMMIT_INTERVAL_MS: '100' } },
  async play(scene) {
    const first = await scene.start();
    await scene.produce(scene.count / 4);
    await scene.settled();
    first.kill('SIGTERM');
    await first.exited;
    await scene.remakeTopic();
    await scene.produce(scene.count / 2);
    await scene.start();
    await scene.produce(scene.count / 4);
  },
};
