/**
 * How long to wait by a `Retry-After` (RFC 9110, 10.2.3): seconds, or the date until which to wait. Undefined where it names no
 * time to come. Whoever waits bounds it.
 *
 * @param date The answer's own `Date`. By it a `Retry-After` is read that is a date, so that it doesn't matter whether two clocks
 *   agree; without it such a date says nothing.
 */
export function retryAfterMillis(retryAfter: string | undefined, date: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined;
  const seconds = Number(retryAfter);
  const millis = Number.isNaN(seconds) ? httpDate(retryAfter) - httpDate(date ?? '') : seconds * 1_000;
  return millis > 0 ? millis : undefined;
}

/** The three forms of RFC 9110, 5.6.7; the last one names no zone, and means GMT. */
const httpDates = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT$/,
  /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} [\d:]{8} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4}$/,
];

/** Unix milliseconds; not a number where it is no date. */
function httpDate(text: string): number {
  if (!httpDates.some((form) => form.test(text))) return Number.NaN;
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
}
