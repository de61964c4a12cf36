import type { DeadLetter } from '../../core/dead-letter.ts';
import type { DeadLetterPlace } from '../../core/dead-letter-browser.ts';
import { valueOmittedHeader } from '../../core/dead-letter-key.ts';
import type { RecordHeaders } from '../../core/record.ts';
import type { ReplayedKeys } from '../../core/replayed-keys.ts';
import type { AnswerOf } from '../server/handler.ts';
import { shownDeadLetter } from './shown-dead-letter.ts';
import { shownValue } from './shown-value.ts';
import { wordsOf } from './words.ts';

type Detail = AnswerOf<'deadLetter'>;

const hidden = '[hidden]';
const mostHeaders = 100;
const longestHeader = 500;

/** All of a dead letter but for what would become of it now. */
export function deadLetterDetail(
  deadLetter: DeadLetter,
  place: DeadLetterPlace,
  replayed: ReplayedKeys,
  showIdentifiers: boolean,
): Omit<Detail, 'replay' | 'explanations'> {
  const { record, failure, attempts = 0 } = deadLetter;
  const { title, todo, meaning } = wordsOf(deadLetter);
  const { code, message, field, fix, meta, entries } = failure;
  return {
    letter: shownDeadLetter(deadLetter, place, replayed),
    why: {
      failure: {
        ...{ code, message },
        ...(field !== undefined && { field }),
        ...(fix !== undefined && { fix }),
        ...(meta !== undefined && { meta }),
      },
      ...{ title, todo },
      ...(meaning !== undefined && { meaning }),
      ...(entries !== undefined && { entries }),
    },
    record: {
      timestamp: record.timestamp,
      headers: shownHeaders(record.headers, showIdentifiers),
      bytes: record.value?.length ?? 0,
      ...shownValue(record.value, showIdentifiers),
    },
    attempts,
    identifiers: showIdentifiers ? 'shown' : 'hidden',
  };
}

/** Its value isn't in the dead letter. */
export function isWithoutValue({ record }: DeadLetter): boolean {
  return record.headers?.[valueOmittedHeader] !== undefined;
}

/** Nobody knows what is in the headers of others: their values are shown as the event's identifiers are. */
function shownHeaders(headers: RecordHeaders | undefined, showIdentifiers: boolean): Readonly<Record<string, string>> {
  const entries = Object.entries(headers ?? {}).slice(0, mostHeaders);
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const text = Array.isArray(value) ? value.map(String).join(', ') : String(value ?? '');
      return [name, showIdentifiers ? text.slice(0, longestHeader) : hidden];
    }),
  );
}
