import type { DeadLetter } from './dead-letter.ts';
import { valueHash } from './value-hash.ts';

/** Header of a replayed record: how often it was replayed before this time. */
export const replayCountHeader = 'meta-actions.hops';
/** Header of a record whose value is not in its dead letter: it can't be replayed. */
export const valueOmittedHeader = 'meta-actions.value-omitted';

/**
 * Equal for two dead letters that are the same: of one position, event, subscription, list of entries and replay count. A dead
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
  const { topic, partition, offset, value, event } = record;
  const place = event === undefined ? offset : `${offset}.${event.index}`;
  const hash = valueHash(value);
  const entries = failure.entries === undefined ? [] : [failure.entries];
  return JSON.stringify([topic, partition, place, destination, subscription, replayCount, hash, ...entries]);
}
