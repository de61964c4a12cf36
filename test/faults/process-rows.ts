import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from './row.ts';
import type { Scene } from './scene.ts';

/** The first half is under way, slowly, when `happen` is called; the second half comes after it. */
async function midway(scene: Scene, happen: () => Promise<void>): Promise<void> {
  await scene.fault({ kind: 'latency', millis: 200 });
  const first = scene.produce(scene.count / 2);
  await scene.accepted(scene.count / 8);
  await happen();
  await first;
  await scene.fault();
  await scene.produce(scene.count / 2);
}

async function killed(scene: Scene): Promise<void> {
  const connector = await scene.start();
  await midway(scene, async () => {
    connector.kill('SIGKILL');
    await connector.exited;
    scene.interrupted();
    await scene.start();
  });
}

export const killRow: Row = {
  name: 'connector: SIGKILL',
  allowed: { repetitions: 'ambiguous' },
  play: killed,
};

export const killInOrderRow: Row = {
  name: 'connector: SIGKILL, one request at a time',
  scene: { environment: { REQUESTS_PER_LANE: '1' } },
  allowed: { repetitions: 'ambiguous', inOrder: true },
  play: killed,
};

export const restartRow: Row = {
  name: 'connector: SIGTERM and start, twice',
  async play(scene) {
    let connector = await scene.start();
    await midway(scene, async () => {
      for (let round = 0; round < 2; round++) {
        connector.kill('SIGTERM');
        const code = await connector.exited;
        if (code !== 0) throw new Error(`SIGTERM ended it with ${code}`);
        connector = await scene.start();
      }
    });
  },
};

export const pauseRow: Row = {
  name: 'connector: SIGSTOP for longer than its session',
  allowed: { repetitions: 'ambiguous' },
  async play(scene) {
    const connector = await scene.start();
    await midway(scene, async () => {
      connector.kill('SIGSTOP');
      await sleep(scene.brisk ? 9000 : 6000);
      // Until the next heartbeat it doesn't know.
      scene.interrupted(4000);
      connector.kill('SIGCONT');
    });
  },
};

/** Another connector takes over while this one stands still; then it wakes up with its work in hand. */
export const takenOverRow: Row = {
  name: 'connector: SIGSTOP, another one takes over, SIGCONT',
  scene: { doorways: true },
  allowed: { repetitions: 'ambiguous' },
  async play(scene) {
    const connector = await scene.start();
    await midway(scene, async () => {
      connector.kill('SIGSTOP');
      scene.interrupted();
      await scene.start();
      await sleep(1000);
      scene.interrupted(4000);
      connector.kill('SIGCONT');
    });
  },
};

/** A second and a third one join under load, and leave again: one in peace, one not. */
export const rebalanceRow: Row = {
  name: 'group: two more join under load, and leave',
  scene: { doorways: true, maxEvents: 200, environment: { REQUESTS_PER_LANE: '2' } },
  allowed: { repetitions: 'ambiguous' },
  async play(scene) {
    await scene.start();
    // About 1,300 events a second: something is on its way all the time.
    await scene.fault({ kind: 'latency', millis: 300 });
    await scene.produce(scene.count / 2);
    // Without the broker's log nobody can tell when partitions moved.
    if (scene.broker.log === undefined) scene.interrupted(60_000);
    const second = await scene.start();
    // While processes started the first half may have been delivered.
    const more = scene.produce(scene.count / 4);
    await scene.accepted(scene.count / 50);
    const third = await scene.start();
    const rest = scene.produce(scene.count / 4);
    await scene.accepted(scene.count / 50);
    second.kill('SIGTERM');
    await scene.accepted(scene.count / 50);
    third.kill('SIGKILL');
    await third.exited;
    scene.interrupted();
    await Promise.all([more, rest]);
  },
};

/** Three share the work and are stopped in turn, and nobody else takes over before the last one is gone. */
export const stoppedInTurnRow: Row = {
  name: 'group: three members, stopped in turn by SIGTERM',
  scene: {
    doorways: true,
    maxEvents: 50,
    environment: { REQUESTS_PER_LANE: '2' },
  },
  async play(scene) {
    const all = [await scene.start(), await scene.start(), await scene.start()];
    await scene.fault({ kind: 'latency', millis: 200 });
    const produced = scene.produce(scene.count);
    await scene.accepted(scene.count / 10);
    for (const connector of all) {
      connector.kill('SIGTERM');
      const code = await connector.exited;
      if (code !== 0) throw new Error(`SIGTERM ended it with ${code}`);
    }
    await scene.fault();
    await produced;
    await scene.start();
  },
};
