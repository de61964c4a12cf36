import type { DeadLetterArchive, SourceHistory } from '../core/ports.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Prefetch } from '../core/value-reading.ts';

/** The same dead letters, each when everything is there that reading its record needs. */
export function preparedArchive(archive: DeadLetterArchive, prefetch: Prefetch): DeadLetterArchive {
  return { ...archive, deadLetters: () => prepared(archive.deadLetters(), ({ record }) => record, prefetch) };
}

/** The same records, likewise. */
export function preparedHistory(history: SourceHistory, prefetch: Prefetch): SourceHistory {
  return { ...history, read: (topic, from) => prepared(history.read(topic, from), (record) => record, prefetch) };
}

async function* prepared<T>(
  items: AsyncIterable<T>,
  recordOf: (item: T) => SourceRecord,
  prefetch: Prefetch,
): AsyncGenerator<T> {
  const { signal } = new AbortController();
  for await (const item of items) {
    await prefetch.prepare([recordOf(item)], signal);
    yield item;
  }
}
