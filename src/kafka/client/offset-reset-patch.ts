import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

interface OffsetManager {
  clearOffsets(partition: { readonly topic: string; readonly partition: number }): void;
}

/**
 * kafkajs 2.2 commits "no position" when the broker no longer has an offset. That forgets where the group stood: a
 * process that was killed then would go on from the earliest record, though a person is to decide. Ours only forgets
 * what it had in memory.
 */
export function keepCommitsOutOfRange(): void {
  const manager = require('kafkajs/src/consumer/offsetManager') as {
    prototype: { setDefaultOffset(partition: { topic: string; partition: number }): Promise<void> };
  };
  manager.prototype.setDefaultOffset = async function (this: OffsetManager, partition) {
    this.clearOffsets(partition);
  } as (partition: { topic: string; partition: number }) => Promise<void>;
}
