import { digitsEnd } from './digits.ts';

const digitZero = 48;

/**
 * Unix milliseconds of ISO 8601 text (`2026-05-06`, `2026-05-06T07:08:09.123+02:00`; a blank for the T, and one before the
 * zone, which may be UTC or GMT; UTC where there is none). Undefined for anything else.
 */
export function parseIsoTime(text: string): number | undefined {
  const year = fixed(text, 0, 4);
  const month = fixed(text, 5, 2);
  const day = fixed(text, 8, 2);
  if (text.charCodeAt(7) !== 45 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined;
  const date = Date.UTC(year, month - 1, day);
  if (text.length === 10) return date;
  const separator = text[10];
  if (separator !== 'T' && separator !== 't' && separator !== ' ') return undefined;
  const time = parseTime(text, 11);
  return time === undefined ? undefined : date + time;
}

/** Milliseconds since midnight UTC, which may be of the day before or after. */
function parseTime(text: string, start: number): number | undefined {
  const hour = fixed(text, start, 2);
  const minute = fixed(text, start + 3, 2);
  if (text[start + 2] !== ':' || !within(hour, 23) || !within(minute, 59)) return undefined;
  let at = start + 5;
  let millis = (hour * 60 + minute) * 60_000;
  if (text[at] === ':') {
    const second = fixed(text, at + 1, 2);
    if (!within(second, 60)) return undefined;
    at += 3;
    millis += second * 1000;
    if (text[at] === '.' || text[at] === ',') {
      const end = digitsEnd(text, at + 1);
      if (end === at + 1) return undefined;
      millis += thousandths(text, at + 1, end);
      at = end;
    }
  }
  const offset = parseZone(text, at);
  return offset === undefined ? undefined : millis - offset;
}

/** The first three digits of a fraction; those that are not written are zeros. */
function thousandths(text: string, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < start + 3; at += 1) number = number * 10 + (at < end ? text.charCodeAt(at) - digitZero : 0);
  return number;
}

/** Milliseconds that the zone written at `start`, or behind a blank, is ahead of UTC. */
function parseZone(text: string, start: number): number | undefined {
  const at = text[start] === ' ' ? start + 1 : start;
  const sign = text[at];
  if (sign === undefined) return 0;
  if (sign === 'Z' || sign === 'z') return text.length === at + 1 ? 0 : undefined;
  if (sign !== '+' && sign !== '-') return isUniversal(text, at) ? 0 : undefined;
  const hour = fixed(text, at + 1, 2);
  const minuteAt = text[at + 3] === ':' ? at + 4 : at + 3;
  const short = text.length === at + 3 || text[at + 3] === ' ';
  const minute = short ? 0 : fixed(text, minuteAt, 2);
  const end = short ? at + 3 : minuteAt + 2;
  if (!within(hour, 23) || !within(minute, 59)) return undefined;
  // Go writes the name of the zone behind its offset.
  if (end !== text.length && !(text[end] === ' ' && isUniversal(text, end + 1))) return undefined;
  return (sign === '-' ? -1 : 1) * (hour * 60 + minute) * 60_000;
}

function isUniversal(text: string, at: number): boolean {
  const name = text.slice(at).toUpperCase();
  return name === 'UTC' || name === 'GMT';
}

/** The number in `length` digits at `start`, or -1. */
function fixed(text: string, start: number, length: number): number {
  let number = 0;
  for (let at = start; at < start + length; at += 1) {
    const digit = text.charCodeAt(at) - digitZero;
    if (!(digit >= 0 && digit <= 9)) return -1;
    number = number * 10 + digit;
  }
  return number;
}

function within(value: number, maximum: number): boolean {
  return value >= 0 && value <= maximum;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
