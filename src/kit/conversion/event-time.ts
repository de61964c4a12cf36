import type { ActionContext } from '../../core/action.ts';
import type { Failure } from '../../core/outcome.ts';
import { parseDatetime } from '../datetime.ts';
import { failureOf } from '../field-error.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
/** A clock may be ahead by this much: the event then happened now. */
const toleratedAhead = 10 * minute;
/** What sending may take, so that an event isn't refused for having waited. */
const margin = 5 * minute;

/** How old an event may be (Meta, using the API: 7 days; offline events: 62 days), less the margin. Milliseconds. */
function maximumAge(actionSource: string): number {
  return (actionSource === 'physical_store' ? 62 : 7) * day - margin;
}

/**
 * When the event happened, in Unix milliseconds: as mapped, else by its timestamp, originalTimestamp or sentAt, else
 * by the record's timestamp. Never by the clock: a replayed event would become new.
 */
export function eventTime(mapped: number | undefined, context: ActionContext): number {
  if (mapped !== undefined) return mapped;
  const { event, record } = context;
  for (const key of ['timestamp', 'originalTimestamp', 'sentAt']) {
    const millis = parseDatetime(event[key]);
    if (millis !== undefined) return millis;
  }
  return record.timestamp;
}

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
export function sendableTime(millis: number, actionSource: string, now: number): SendableTime | Failure {
  if (millis > now + toleratedAhead) return inFuture;
  const happened = Math.min(millis, now);
  const expiresAt = happened + maximumAge(actionSource);
  if (expiresAt < now) return tooOld(actionSource);
  return { happened, seconds: Math.floor(happened / 1000), expiresAt };
}

const inFuture = failureOf(
  'EVENT_IN_FUTURE',
  'event_time',
  'The event happened more than 10 minutes in the future.',
  'Correct the clock of what sends the event, or map event_time to the right time.',
);

function tooOld(actionSource: string): Failure {
  const days = actionSource === 'physical_store' ? 62 : 7;
  const message = `The event is older than the ${days} days that Meta accepts for ${actionSource} events.`;
  const fix = 'Send events within that time; map event_time if this is not when it happened.';
  return failureOf('EVENT_TOO_OLD', 'event_time', message, fix);
}
