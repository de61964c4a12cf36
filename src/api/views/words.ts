import type { Failure } from '../../core/outcome.ts';

/** `48,210` */
export function numberText(count: number): string {
  return count.toLocaleString('en-US', { useGrouping: 'min2' });
}

/** `1 event`, `48,210 events` */
export function countText(count: number, noun: string): string {
  return `${numberText(count)} ${count === 1 ? noun : `${noun}s`}`;
}

/** `less than a minute`, `4 min`, `3 h`, `2 days` */
export function roughDurationText(millis: number): string {
  const minutes = Math.floor(millis / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

/** A sentence, with a full stop. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** What is wrong, and what to do. */
export function failureText({ message, fix }: Failure): string {
  return fix === undefined ? sentence(message) : `${sentence(message)} ${sentence(fix)}`;
}
