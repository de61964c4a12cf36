import type { DeadLetter } from '../../core/dead-letter.ts';
import type { DeadLetterPlace } from '../../core/dead-letter-browser.ts';
import { own } from '../../core/json.ts';
import type { ReplayedKeys } from '../../core/replayed-keys.ts';
import { keepingBack } from '../../explain/explain-privacy.ts';
import type { AnswerOf } from '../server/handler.ts';
import { jsonOf } from './event-of.ts';
import { deadLetterId } from './place-text.ts';

export type ShownDeadLetter = AnswerOf<'deadLetters'>['letters'][number];

const longestName = 200;
const show = keepingBack();

/** A dead letter in a list. */
export function shownDeadLetter(
  deadLetter: DeadLetter,
  place: DeadLetterPlace,
  replayed: ReplayedKeys,
): ShownDeadLetter {
  const { record, failure, destination, subscription, action, at, replayCount = 0 } = deadLetter;
  const { topic, partition, offset } = record;
  const mark = replayed.of(deadLetter);
  return {
    id: deadLetterId(place),
    at,
    code: failure.code,
    message: failure.message,
    topic,
    partition,
    offset,
    replays: replayCount,
    state: mark === undefined ? 'open' : 'replayed',
    ...(destination !== undefined && { destination }),
    ...(subscription !== undefined && { subscription }),
    ...(action !== undefined && { action }),
    ...(failure.field !== undefined && { field: failure.field }),
    ...outlineOf(jsonOf(record.value)),
    ...(record.event !== undefined && { position: record.event.index }),
    ...(mark !== undefined && { replayed: { ...mark, times: replayCount + 1 } }),
  };
}

/** What an event is known by, as text of a bounded length; an address or a phone number in it is hidden. */
export function outlineOf(event: unknown) {
  const text = (key: string) => {
    const value = own(event, key);
    return typeof value === 'string' ? String(show([key], value)).slice(0, longestName) : undefined;
  };
  const [type, name, messageId] = [text('type'), text('event'), text('messageId')];
  return {
    ...(type !== undefined && { type }),
    ...(name !== undefined && { event: name }),
    ...(messageId !== undefined && { messageId }),
  };
}
