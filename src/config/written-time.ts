const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(?:Z|([+-]\d{2}):?(\d{2}))?)?$/i;

/**
 * Unix milliseconds of a time that a person has written in a setting or an option: ISO 8601, UTC where it names no zone, as
 * times in events are. Undefined for all else: `Date.parse` makes the year 2001 of a 7, guesses which number is the month, and
 * goes on to December after the 30th of November.
 */
export function writtenTime(text: string): number | undefined {
  const [, date, time = '00:00', hours = '+00', minutes = '00'] = iso.exec(text) ?? [];
  if (date === undefined) return undefined;
  const midnight = new Date(`${date}T00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(date)) return undefined;
  const millis = Date.parse(`${date}T${time}${hours}:${minutes}`);
  return Number.isNaN(millis) ? undefined : millis;
}
