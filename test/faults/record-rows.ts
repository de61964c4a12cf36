import type { Row } from './row.ts';

/** Legal, though kafkajs can't send it; in orders that arrive, and in some that become letters. */
export const nullHeaderRow: Row = {
  name: 'records: a quarter has a header without a value',
  async play(scene) {
    await scene.start();
    await scene.produce(scene.count / 2);
    await scene.produceBare(scene.count / 4);
    await scene.produce(scene.count / 4);
  },
};
