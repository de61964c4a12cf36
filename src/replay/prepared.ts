import type { DeadLetterArchive, SourceHistory } from '../core/ports.ts';
import type { SourceRecord } from '../core/record.ts';
import type { RecordDecoding } from '../connector/record-decoding.ts';

type Prepares = Pick<RecordDecoding, 'prepareWithin'>;

/** Then a replay ends, and what it hasn't sent is replayed by the next one. */
const patienceMillis = 60_000;

/** The same dead letters, each when everything is there that reading its record needs. */
export function preparedArchive(archive: DeadLetterArchive, decoding: Prepares): DeadLetterArchive {
  return { ...archive, deadLetters: () => prepared(archive.deadLetters(), ({ record }) => record, decoding) };
}

/** The same records, likewise. */
export function preparedHistory(history: SourceHistory, decoding: Prepares): SourceHistory {
  return { ...history, read: (topic, from) => prepared(history.read(topic, from), (record) => record, decoding) };
}

async function* prepared<T>(
  items: AsyncIterable<T>,
  recordOf: (item: T) => SourceRecord,
  decoding: Prepares,
): AsyncGenerator<T> {
  for await (const item of items) {
    await decoding.prepareWithin([recordOf(item)], patienceMillis);
    yield item;
  }
}
