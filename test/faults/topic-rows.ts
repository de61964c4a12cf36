import type { Row } from './row.ts';
import { soundOrders } from './workload.ts';

/**
 * The new log has more than the group had read of the old one, so that every position of the old one exists in it, too.
 * Needs a broker that deletes topics.
 */
export const remadeRow: Row = {
  name: 'driven: the topic is deleted and made again, and then another process starts',
  scene: { workload: soundOrders, environment: { COMMIT_INTERVAL_MS: '100' } },
  // What was read of the new log before anybody looked is read again.
  allowed: { repetitions: 'ambiguous' },
  async play(scene) {
    const first = await scene.start();
    await scene.produce(scene.count / 4);
    await scene.settled();
    await scene.remakeTopic();
    scene.interrupted(60_000);
    await scene.produce(scene.count / 2);
    await scene.until('accepted', () => scene.sandbox.state.summary().events.unique > scene.count / 4);
    first.kill('SIGKILL');
    await first.exited;
    await scene.start();
    await scene.produce(scene.count / 4);
  },
};
