import { isObject, own } from '../core/json.ts';
import { monthOf } from './month-names.ts';
import { wholeNumberText } from './number-text.ts';
import type { IdentityOptions } from './options.ts';

type BirthdayMember = 'year' | 'month' | 'day';

/** Reads a day of the calendar as the number YYYYMMDD; undefined when the text is none. */
export type ReadDate = (text: string, options: IdentityOptions) => number | undefined;

const afterDate = /[T\s]/;
/** Year first: ISO 8601, a date or a date-time; the day is the one that is written, whatever the offset. */
const yearFirst = /^(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})(?:[T\s].*)?$/;
const compact = /^(\d{4})(\d{2})(\d{2})(?:T.*)?$/;
const yearLast = /^(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})(?:[,T\s].*)?$/;
const numbers = /\d+/g;
const letters = /\p{L}/u;
/** Longer texts hold more than a date. */
const longestDate = 100;

const firstYear = 1900;
/** No clock is before the year in which this was written. */
const clocksFrom = 2026;
const digitZero = 0x30;
const hyphen = 0x2d;
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const dayMillis = 86_400_000;

/**
 * Date of birth. Meta, customer information parameters: YYYYMMDD, years from 1900 to the current one, from a range of
 * month, day and year combinations. Which of them is told by Meta's parameter builder: three numbers with anything
 * between them, the year where a number is too large for a day, the month before the day unless it can't be one.
 * Beyond it the names of months are read, and `dateOrder` says that the day comes first where the year comes last.
 */
export const {
  db: normalizeBirthday,
  doby: normalizeBirthYear,
  dobm: normalizeBirthMonth,
  dobd: normalizeBirthDay,
} = birthdayRules({ date: readDate, month: monthOf, number: wholeNumberText });

/** How the texts of birthdays are read. */
interface BirthdayReaders {
  readonly date: ReadDate;
  /** The month that a text names, 1 to 12. */
  readonly month: (text: string) => number | undefined;
  /** The digits of a part of a date. */
  readonly number: (text: string) => string | undefined;
}

/** The rules of a date and of its parts. Meta, custom audiences: DOBY is YYYY from 1900, DOBM 01 to 12, DOBD 01 to 31. */
export function birthdayRules(read: BirthdayReaders) {
  function db(text: string, options: IdentityOptions): string | undefined {
    const date = text.length > longestDate ? undefined : read.date(text.trim(), options);
    return date !== undefined && isPast(date, options.now) ? String(date) : undefined;
  }

  /** Alone, or of a whole date. */
  function doby(text: string, options: IdentityOptions): string | undefined {
    const year = read.number(text)?.trim() ?? '';
    if (!/^\d{4}$/.test(year)) return db(text, options)?.slice(0, 4);
    const now = new Date(options.now ?? Date.now()).getUTCFullYear();
    return Number(year) >= firstYear && Number(year) <= now ? year : undefined;
  }

  function dobm(text: string, options: IdentityOptions): string | undefined {
    const month = smallNumber(read.number(text), 12) ?? db(text, options)?.slice(4, 6);
    return month ?? read.month(text)?.toString().padStart(2, '0');
  }

  function dobd(text: string, options: IdentityOptions): string | undefined {
    return smallNumber(read.number(text), 31) ?? db(text, options)?.slice(6);
  }

  return { db, doby, dobm, dobd };
}

/**
 * The text of a birthday that is a `Date` or an object with `year`, `month` (1 to 12) and `day`: all three of it, or
 * the named member. Undefined for another object.
 */
export function birthdayText(value: object, member?: BirthdayMember): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString().slice(0, 10);
  if (!isObject(value)) return undefined;
  if (member !== undefined) return memberText(value, member);
  const parts = (['year', 'month', 'day'] as const).map((name) => memberText(value, name));
  return parts.includes(undefined) ? undefined : parts.join('-');
}

function memberText(value: object, member: BirthdayMember): string | undefined {
  const part = own(value, member);
  return typeof part === 'string' || typeof part === 'number' ? String(part).trim() : undefined;
}

function readDate(text: string, { dateOrder }: IdentityOptions): number | undefined {
  const usual = isoBirthday(text);
  if (usual !== undefined) return usual;
  const whole = wholeNumberText(text);
  if (whole === undefined) return undefined;
  const digits = compact.exec(whole);
  if (digits !== null) return birthday(Number(digits[1]), Number(digits[2]), Number(digits[3]));
  const month = letters.test(whole) ? monthOf(whole) : undefined;
  const [first = 0, second = 0, third = 0] = (whole.match(numbers) ?? []).slice(0, 3).map(Number);
  if (month !== undefined) return first > 31 ? birthday(first, month, second) : birthday(second, month, first);
  if (first > 31) return inOrder(first, second, third);
  if (second > 31) return inOrder(second, third, first);
  return dateOrder === 'dmy' ? inOrder(third, second, first) : inOrder(third, first, second);
}

/** The date, with day and month the other way round where they can't be meant as they stand. */
function inOrder(year: number, month: number, day: number): number | undefined {
  return month > 12 ? birthday(year, day, month) : birthday(year, month, day);
}

/**
 * A date by the first rules: one separator throughout, no names of months, and nothing for a date with dots that can be
 * read both ways.
 */
export function readPlainDate(text: string): number | undefined {
  const usual = isoBirthday(text);
  if (usual !== undefined) return usual;
  const iso = yearFirst.exec(text);
  if (iso !== null) return birthday(Number(iso[1]), Number(iso[3]), Number(iso[4]));
  const digits = compact.exec(text);
  if (digits !== null) return birthday(Number(digits[1]), Number(digits[2]), Number(digits[3]));
  const last = yearLast.exec(text);
  if (last === null) return undefined;
  const [first, second, year] = [Number(last[1]), Number(last[3]), Number(last[4])];
  if (first > 12) return birthday(year, second, first);
  const ambiguous = last[2] === '.' && second <= 12 && first !== second;
  return ambiguous ? undefined : birthday(year, first, second);
}

/** Of the usual form, at fixed places, which is quicker to read; undefined for every other. */
function isoBirthday(text: string): number | undefined {
  if (text.charCodeAt(4) !== hyphen || text.charCodeAt(7) !== hyphen) return undefined;
  if (text.length > 10 && !afterDate.test(text.charAt(10))) return undefined;
  return birthday(digitsAt(text, 0, 4), digitsAt(text, 5, 7), digitsAt(text, 8, 10));
}

/** The number in decimal digits; NaN when something else is among them. */
function digitsAt(text: string, start: number, end: number): number {
  let number = 0;
  for (let index = start; index < end; index += 1) {
    const digit = text.charCodeAt(index) - digitZero;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** Undefined when there is no such day. */
function birthday(year: number, month: number, day: number): number | undefined {
  const days = month === 2 && isLeapYear(year) ? 29 : (monthDays[month - 1] ?? 0);
  return year >= firstYear && day >= 1 && day <= days ? year * 10_000 + month * 100 + day : undefined;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/**
 * Not after today; by a day more, since it is already tomorrow somewhere. The clock and the calendar are asked only
 * where it matters: that costs as much as all the rest.
 */
function isPast(date: number, now: number | undefined): boolean {
  const year = Math.floor(date / 10_000);
  if (now === undefined ? year < clocksFrom : latestEnd(year) <= now) return true;
  const [month, day] = [Math.floor(date / 100) % 100, date % 100];
  return Date.UTC(year, month - 1, day) <= (now ?? Date.now()) + dayMillis;
}

/** Unix milliseconds at which the year has ended for sure: as if every year had a leap day. */
function latestEnd(year: number): number {
  return Math.max(0, year + 1 - 1970) * 366 * dayMillis;
}

function smallNumber(text: string | undefined, maximum: number): string | undefined {
  const number = text?.trim() ?? '';
  if (!/^\d{1,2}$/.test(number) || Number(number) < 1 || Number(number) > maximum) return undefined;
  return number.padStart(2, '0');
}
