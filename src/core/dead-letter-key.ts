import { createHash } from 'node:crypto';
import type { DeadLetter } from './dead-letter.ts';

/** Header of a replayed record: how often it was replayed before this time. */
export const replayCountHeader = 'meta-actions.hops';
/** Header of a record whose value is not in its dead letter: it can't be replayed. */
export const valueOmittedHeader = 'meta-actions.value-omitted';

/**
 * Equal for two dead letters that are the same: of one position, subscription, list of entries and replay count. A dead
 * letter may be written twice when a process is killed. The value's hash tells apart the records of two files of one
 * name; nothing of the value can be read from the key.
 */
export function deadLetterKey({
  record,
  failure,
  destination = '',
  subscription = '',
  replayCount = 0,
}: DeadLetter): string {
  const { topic, partition, offset, value } = record;
  const hash = createHash('sha256')
    .update(value ?? Buffer.alloc(0))
    .digest('hex')
    .slice(0, 16);
  const entries = failure.entries === undefined ? [] : [failure.entries];
  return JSON.stringify([topic, partition, offset, destination, subscription, replayCount, hash, ...entries]);
}
