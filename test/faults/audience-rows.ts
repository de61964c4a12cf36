import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from './row.ts';
import type { Scene } from './scene.ts';
import { members } from './workload.ts';

const late = { kind: 'hang_then_apply', millis: 2700, times: 2, match: { path: '/users' } };
/** Until a late request has taken effect. */
const lateMillis = 4000;

/** Everybody joins and leaves, again and again, but for the last round. Resolves when its joins are due. */
async function upToLastRound(scene: Scene): Promise<void> {
  for (let round = Math.max(1, Math.floor(scene.count / 2000)); round > 1; round--) await scene.produce(2000);
  await scene.settled();
}

const comeAndGo = members({ user: (index) => index % 1000, joins: (index) => index % 2000 < 1000 });

/** Everybody joins; some of that is applied when the connector has given up. Then everybody leaves. */
export const lateAdditionsRow: Row = {
  name: 'audience: additions land late, after the removals',
  scene: { workload: comeAndGo },
  allowed: { repetitions: 'ambiguous' },
  async play(scene) {
    await scene.start();
    await upToLastRound(scene);
    await scene.fault(late);
    await scene.produce(1000);
    await sleep(1200);
    await scene.produce(1000);
    await sleep(lateMillis);
  },
};

/**
 * An addition hangs when its process dies, and lands when the next one has the partition, which sends the removals only
 * after the time-out of a request and the margin.
 */
export const handOverRow: Row = {
  name: 'audience: SIGKILL, additions land late at its successor',
  scene: { workload: comeAndGo, environment: { META_HAND_OVER_MARGIN_MS: '4400' } },
  allowed: { repetitions: 'ambiguous' },
  async play(scene) {
    const connector = await scene.start();
    await upToLastRound(scene);
    // Later than the session ends, sooner than the successor has waited.
    await scene.fault({ kind: 'hang_then_apply', millis: 9500, times: 1, match: { path: '/users' } });
    await scene.produce(1000);
    await sleep(1000);
    await scene.produce(1000);
    connector.kill('SIGKILL');
    await connector.exited;
    scene.interrupted();
    await scene.start();
    await sleep(9500);
  },
};

/** Joins and leaves at random, requests that fail in every way, two processes that die on the way. */
export const membershipRow: Row = {
  name: 'audience: joins and leaves, faults, SIGKILL twice',
  scene: {
    workload: members({ user: (index) => (index * 7919) % 499, joins: (index) => ((index * 104_729) >> 3) % 5 < 3 }),
  },
  allowed: { repetitions: 'ambiguous' },
  async play(scene) {
    let connector = await scene.start();
    await scene.fault({ kind: 'error_500', probability: 0.15, match: { path: '/users' } });
    await scene.fault({ kind: 'reset_after', probability: 0.1, match: { path: '/users' } });
    const portions = 12;
    for (let portion = 1; portion <= portions; portion++) {
      const before = scene.requests();
      await scene.produce(Math.floor(scene.count / portions));
      await scene.requested(before + 2);
      if (portion !== 4 && portion !== 8) continue;
      connector.kill('SIGKILL');
      await connector.exited;
      scene.interrupted();
      connector = await scene.start();
    }
  },
};
