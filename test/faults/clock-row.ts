import { fileURLToPath } from 'node:url';
import type { Row } from './row.ts';

const steps = fileURLToPath(new URL('../support/clock-steps.ts', import.meta.url));

/**
 * The wall clock is set back and right again while events flow, and back once more while the connector waits for what
 * Meta limits: it goes on when the wait is over, and not minutes later. By less than ten minutes: events that lie further
 * in the future are refused.
 */
export const clockRow: Row = {
  name: 'driven: the clock is set back by eight minutes, right again, and back while Meta throttles',
  scene: { environment: { NODE_OPTIONS: `--import ${steps}`, META_THROTTLE_PAUSE_MS: '4000' } },
  async play(scene) {
    const connector = await scene.start();
    const step = () => connector.kill('SIGUSR2');
    await scene.produce(scene.count / 4);
    step();
    await scene.produce(scene.count / 4);
    await scene.settled();
    step();
    await scene.fault({ kind: 'throttle', code: 4, times: 1 });
    await scene.produce(scene.count / 2);
    await scene.until('throttled', () => connector.log().includes('lane_throttled'));
    step();
  },
};
