import type { DeadLetter } from './dead-letter.ts';
import { valueHash } from './value-hash.ts';

/** Header of a replayed record: how often it had come back by a replay before this time. */
export const hopsHeader = 'meta-actions.hops';
/** Header of a record whose value is not in its letter: it can't be replayed. */
export const valueOmittedHeader = 'meta-actions.value-omitted';

/**
 * What makes two letters the same: position, event, subscription, entries and hops; a letter may be written twice when a
 * process is killed. The value's hash tells records of two files of one name apart. No letter's text can be read from it.
 */
export function letterKey({ record, failure, destination = '', subscription = '', hops = 0 }: DeadLetter): string {
  const { topic, partition, offset, value, event } = record;
  const entries = failure.entries === undefined ? [] : [failure.entries];
  const place = event === undefined ? offset : `${offset}.${event.index}`;
  return JSON.stringify([topic, partition, place, destination, subscription, hops, valueHash(value), ...entries]);
}
