import type { ActionContext } from '../../core/action.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Failure } from '../../core/outcome.ts';
import { parseDatetime, type TimeUnit, unitOf } from '../datetime.ts';
import { failureOf } from '../field-error.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
/** A clock may be ahead by this much: the event then happened now, or in a store when its record was written. */
const toleratedAhead = 10 * minute;
/** What sending may take, so that an event isn't refused for having waited. */
const margin = 5 * minute;

/** How old an event may be (Meta, using the API: 7 days; offline events: 62 days), less the margin. Milliseconds. */
function maximumAge(actionSource: string): number {
  return (actionSource === 'physical_store' ? 62 : 7) * day - margin;
}

/** When something happened, and what said so. */
export interface Moment {
  /** Unix milliseconds. */
  readonly millis: number;
  readonly given: unknown;
}

/**
 * When the event happened: as mapped, or as it says (`statedTime`), else by the record's timestamp. Never by the clock: a
 * replayed event would become new.
 */
export function eventTime(mapped: unknown, { event, record, warn }: ActionContext): Moment {
  return statedTime(mapped, event, warn) ?? { millis: record.timestamp, given: record.timestamp };
}

/**
 * As mapped, else by the event's timestamp, originalTimestamp or sentAt: the first of them that can be read; undefined:
 * none can. The beginning of Unix time, and what is before it, is no time of an event: languages and Protobuf write a 0, and Go
 * its year 1, where nobody has set one.
 */
export function statedTime(
  mapped: unknown,
  event: JsonObject,
  warn: ActionContext['warn'] = () => undefined,
): Moment | undefined {
  let unreadable = false;
  for (const candidate of [mapped, event['timestamp'], event['originalTimestamp'], event['sentAt']]) {
    const given: unknown = Array.isArray(candidate) && candidate.length === 1 ? candidate[0] : candidate;
    if (given === undefined || given === null || given === '') continue;
    const millis = parseDatetime(given);
    if (millis === undefined || millis <= 0) {
      unreadable = true;
      continue;
    }
    if (unreadable) warn(timeUnusable);
    return { millis, given };
  }
  if (unreadable) warn(timeUnusable);
  return undefined;
}

const timeUnusable = {
  code: 'FIELD_UNUSABLE',
  field: 'event_time',
  message:
    'The time of the event (event_time) is neither ISO 8601 text nor Unix seconds, milliseconds or microseconds, or is a zero: another one of the event, or that of its record, is taken.',
};

/** A time that Meta takes. */
export interface SendableTime {
  /** Unix milliseconds, not after now. */
  readonly happened: number;
  /** The same as it is sent: Unix seconds. */
  readonly seconds: number;
  /** Unix milliseconds: not to be sent any more after this, the margin being off already. */
  readonly expiresAt: number;
}

/** The time as it is sent, or why it can't be. */
export function sendableTime(
  { millis, given }: Moment,
  actionSource: string,
  { now, record }: Pick<ActionContext, 'now' | 'record'>,
): SendableTime | Failure {
  if (millis > now + toleratedAhead) return inFuture(millis - now, unitOf(given));
  const stated = actionSource === 'physical_store' ? notAfterRecord(millis, record.timestamp) : millis;
  const happened = Math.min(stated, now);
  const expiresAt = happened + maximumAge(actionSource);
  if (expiresAt < now) return tooOld(actionSource);
  return { happened, seconds: Math.floor(happened / 1000), expiresAt };
}

/**
 * Meta knows a sale in a store again by its time, not by its id: a time that is the clock's would be another one after a restart or
 * in a replay. What happened is not younger than its record, whose time doesn't change.
 */
function notAfterRecord(millis: number, written: number): number {
  return millis - written > toleratedAhead ? millis : Math.min(millis, written);
}

function inFuture(ahead: number, unit: TimeUnit): Failure {
  const read = unit === 'text' ? 'text' : `Unix ${unit}`;
  const message = `The event happened ${inWords(ahead)} in the future; its time was read as ${read}.`;
  const fix = 'Correct the clock of what sends the event, or map event_time to the right time.';
  return failureOf('EVENT_IN_FUTURE', 'event_time', message, fix);
}

/** `12 minutes`, `3 hours`, `40 days`, `5,000 years`: always more than one. */
function inWords(millis: number): string {
  const minutes = Math.round(millis / minute);
  if (minutes < 120) return `${minutes} minutes`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} hours`;
  const days = Math.round(millis / day);
  return days < 730 ? `${days} days` : `${Math.round(days / 365.25).toLocaleString('en')} years`;
}

function tooOld(actionSource: string): Failure {
  const days = actionSource === 'physical_store' ? 62 : 7;
  const message = `The event is older than the ${days} days that Meta accepts for ${actionSource} events.`;
  const fix = 'Send events within that time; map event_time if this is not when it happened.';
  return failureOf('EVENT_TOO_OLD', 'event_time', message, fix);
}
