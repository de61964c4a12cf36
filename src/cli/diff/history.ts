import { randomUUID } from 'node:crypto';
import type { ProcessSettings } from '../../config/environment.ts';
import { openDeadLetterArchive } from '../../connector/dead-letter-archive.ts';
import { createRecordDecoding } from '../../connector/record-decoding.ts';
import { systemClock } from '../../connector/system-clock.ts';
import { topicsHistory } from '../../connector/topic-history.ts';
import { deadLetterKey, valueOmittedHeader } from '../../core/dead-letter-key.ts';
import { ConnectorError } from '../../core/errors.ts';
import type { SourceRecord } from '../../core/record.ts';
import { subscriptionKey } from '../../core/subscription-key.ts';
import type { ComparisonOptions, RecordPart } from '../../diff/comparison.ts';
import { createFingerprintTable, hashOf } from '../../diff/fingerprint-table.ts';
import { isTable, readRecords } from '../../file/table-rows.ts';
import { recordOf } from '../command/record-of.ts';

export interface HistoryOptions {
  readonly events?: readonly string[];
  readonly source?: string;
  readonly from?: string;
  readonly deadLetters?: string;
}

/** What the two sides are run over. */
export interface History {
  /** Where it is from. */
  readonly name: string;
  readonly decode: ComparisonOptions['decode'];
  readonly items: AsyncIterable<HistoryItem>;
  /** What is to be known of it. Whole when all is read. */
  notes(): readonly string[];
}

export interface HistoryItem {
  readonly record: SourceRecord;
  readonly part?: RecordPart;
}

/** Whoever waits sits there. */
const patienceMillis = 20_000;
/** Only to see whether anything is missing. */
const ended = AbortSignal.abort();

/** @throws ConnectorError `USAGE` unless one history is named. */
export function openHistory(options: HistoryOptions, settings: ProcessSettings): History {
  const { events, source, from, deadLetters } = options;
  const named = [events, source, deadLetters].filter((each) => each !== undefined);
  if (named.length !== 1) throw usage('name one history: --events FILE, --source kafka or --dead-letters topic:NAME');
  if (from !== undefined && source === undefined) throw usage('--from goes with --source kafka');
  const { options: decode, prepare, prepareWithin } = createRecordDecoding(settings, systemClock, () => undefined);
  const prepared = async function* (items: AsyncIterable<HistoryItem>) {
    for await (const item of items) {
      if (prepare([item.record], ended) !== undefined) await prepareWithin([item.record], patienceMillis);
      yield item;
    }
  };
  const { items, ...history } =
    events !== undefined
      ? ofFiles(events, decode)
      : source !== undefined
        ? ofTopics(source, from ?? '7d', settings)
        : ofDeadLetters(deadLetters ?? '', settings);
  return { ...history, decode, items: prepared(items) };
}

type Unread = Omit<History, 'decode'>;

function ofFiles(files: readonly string[], decode: History['decode']): Unread {
  async function* items(): AsyncGenerator<HistoryItem> {
    for (const file of files) {
      if (isTable(file) && decode.records !== 'rows')
        throw new ConnectorError('SETTING_INVALID', `RECORDS must be rows for ${file}`);
      let index = 0;
      for await (const { value } of readRecords(file)) yield { record: recordOf(value, index++, Date.now()) };
    }
  }
  return { name: files.join(', '), items: items(), notes: () => [] };
}

function ofTopics(source: string, from: string, settings: ProcessSettings): Unread {
  if (source !== 'kafka') throw usage(`--source ${source}: give kafka`);
  const { records, gaps } = topicsHistory(settings, from);
  async function* items(): AsyncGenerator<HistoryItem> {
    for await (const record of records) yield { record };
  }
  return { name: `${settings.KAFKA_TOPICS?.join(', ')} from ${from}`, items: items(), notes: gaps };
}

/** Dead letters that are told apart, so that one that was written twice, or again after a replay, counts once. */
const maxDeadLetters = 10_000_000;

/** The records of dead letters, each for the one subscription that failed. */
function ofDeadLetters(place: string, settings: ProcessSettings): Unread {
  const option = '--dead-letters';
  const archive = openDeadLetterArchive(settings, { place, option, group: `.diff.${randomUUID()}` });
  const seen = createFingerprintTable({ left: maxDeadLetters }, Uint8Array);
  let withoutValue = 0;
  async function* items(): AsyncGenerator<HistoryItem> {
    try {
      for await (const deadLetter of archive.deadLetters()) {
        if (seen.update(hashOf(deadLetterKey({ ...deadLetter, replayCount: 0 })), () => 1) === 1) continue;
        const { record, failure, destination, subscription } = deadLetter;
        if (record.headers?.[valueOmittedHeader] !== undefined) withoutValue += 1;
        else {
          const key = subscription === undefined ? undefined : subscriptionKey(destination, subscription);
          yield { record, part: { key, entries: failure.entries } };
        }
      }
    } finally {
      await archive.close();
    }
  }
  return {
    name: place === 'topic:' ? 'the dead-letter topic' : `the dead letters of ${place}`,
    items: items(),
    notes: () => (withoutValue === 0 ? [] : [`${withoutValue} dead letters hold no value and were not compared`]),
  };
}

function usage(message: string): ConnectorError {
  return new ConnectorError('USAGE', message);
}
