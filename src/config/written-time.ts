import { parseIsoTime } from '../core/iso-time.ts';

/** Of the forms that events have times in, those that a person writes. */
const iso = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::[0-5]\d(?:\.\d{1,9})?)? ?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Unix milliseconds of a time that a person has written in a setting or an option: ISO 8601, UTC where it names no zone, as
 * times in events are. Undefined for all else: `Date.parse` makes the year 2001 of a 7, guesses which number is the month, and
 * goes on to December after the 30th of November.
 */
export function writtenTime(text: string): number | undefined {
  return iso.test(text) ? parseIsoTime(text) : undefined;
}
