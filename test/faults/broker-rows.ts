import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from './row.ts';

export const brokerRow: Row = {
  name: 'broker: stopped under load, started after 5 s',
  isOutage: true,
  // About 1,300 events a second: something is on its way when the broker goes.
  scene: { maxEvents: 200, environment: { REQUESTS_PER_LANE: '2' } },
  allowed: { repetitions: 'ambiguous' },
  async play(scene) {
    await scene.start();
    await scene.fault({ kind: 'latency', millis: 300 });
    const first = scene.produce(scene.count / 2);
    await scene.accepted(scene.count / 10);
    await first;
    await scene.broker.halt?.();
    scene.interrupted();
    await scene.meanwhile();
    await sleep(5000);
    await scene.broker.startAgain?.();
    scene.interrupted();
    await scene.fault();
    await scene.produce(scene.count / 2);
  },
};

/** The topic takes no message, however small; then somebody fixes that. */
export const lettersRow: Row = {
  name: 'dead-letter topic: not writable for 8 s',
  isOutage: true,
  async play(scene) {
    await scene.start();
    await scene.refuseLetters(true);
    await scene.produce(scene.count / 2);
    await scene.meanwhile();
    await sleep(8000);
    await scene.refuseLetters(false);
    await scene.produce(scene.count / 2);
  },
};

/** Little may be in flight, and Meta is slow: reading pauses and goes on all the time. */
export const tightRow: Row = {
  name: 'reading: paused and resumed all the time',
  scene: { environment: { MAX_IN_FLIGHT_BYTES: String(1024 * 1024) } },
  async play(scene) {
    await scene.start();
    await scene.fault({ kind: 'latency', millis: 60 });
    await scene.produce(scene.count);
  },
};
