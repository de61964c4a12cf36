import { useEffect, useState } from 'preact/hooks';

const units: readonly (readonly [name: Intl.RelativeTimeFormatUnit, millis: number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const minute = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** `3 min. ago`, `in 2 hr.` */
export function ago(millis: number, now: number): string {
  const difference = millis - now;
  if (Math.abs(difference) < 1500) return 'now';
  const [unit, size] = units.find(([, each]) => Math.abs(difference) >= each) ?? (['second', 1000] as const);
  return relative.format(Math.trunc(difference / size), unit);
}

/** In the reader's zone, with UTC behind it. */
export function exactly(millis: number): string {
  return `${full.format(millis)} (${new Date(millis).toISOString()})`;
}

export function atClock(millis: number): string {
  return clock.format(millis);
}

export function atMinute(millis: number): string {
  return minute.format(millis);
}

/** `340 ms`, `2.4 s`, `12 min`, `3 h`, `2 days`. */
export function duration(millis: number): string {
  if (millis < 1000) return `${Math.round(millis)} ms`;
  const seconds = millis / 1000;
  if (seconds < 10) return `${seconds.toFixed(1).replace('.0', '')} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = seconds / 60;
  if (minutes < 120) return `${Math.round(minutes)} min`;
  const hours = minutes / 60;
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}

/** Unix milliseconds, told anew so often. */
export function useNow(everyMillis = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMillis);
    return () => clearInterval(timer);
  }, [everyMillis]);
  return now;
}
