import { parseIsoTime } from '../core/iso-time.ts';
import { numberOfText } from './numeric.ts';

/** Numbers below this are seconds (until the year 5138), from it on milliseconds (since March 1973). */
const firstMillis = 100_000_000_000;
/** From here on microseconds (since March 1973; as milliseconds, the year 5138). */
const firstMicros = firstMillis * 1000;
const tooLarge = firstMicros * 1000;
const longest = 64;

/** What a time was given as. */
export type TimeUnit = 'text' | 'seconds' | 'milliseconds' | 'microseconds';

/**
 * Unix milliseconds of ISO 8601 text (`2026-05-06`, `2026-05-06T07:08:09.123+02:00`; a blank for the T, and one before
 * the zone, which may be UTC or GMT; UTC where there is none), or of Unix seconds, milliseconds or microseconds as a
 * number or as text, told apart by their size. Blanks around it don't matter. Undefined for anything else.
 */
export function parseDatetime(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? millisOf(value) : undefined;
  if (typeof value !== 'string' || value.length > longest) return undefined;
  if (value.charCodeAt(4) === 45) return parseIsoTime(isBlank(value, value.length - 1) ? value.trimEnd() : value);
  const text = value.trim();
  if (text.charCodeAt(4) === 45) return parseIsoTime(text);
  const number = numberOfText(text);
  return number === undefined ? undefined : millisOf(number);
}

/** The unit in which `parseDatetime` read a value. */
export function unitOf(value: unknown): TimeUnit {
  const number = typeof value === 'string' ? numberOfText(value.trim()) : value;
  return typeof number === 'number' ? unitOfNumber(number) : 'text';
}

function unitOfNumber(value: number): TimeUnit {
  const size = Math.abs(value);
  if (size < firstMillis) return 'seconds';
  return size < firstMicros ? 'milliseconds' : 'microseconds';
}

function millisOf(value: number): number | undefined {
  if (Math.abs(value) >= tooLarge) return undefined;
  const unit = unitOfNumber(value);
  if (unit === 'milliseconds') return Math.trunc(value);
  return Math.trunc(unit === 'seconds' ? value * 1000 : value / 1000);
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code <= 32 || code > 127;
}
