import { availableParallelism } from 'node:os';

const most = 64;

/** How many workers a run has: a number, or `auto`. Throws a text that completes "WORKERS …". */
export function parseWorkers(text: string): number {
  if (text.toLowerCase() === 'auto') return Math.min(availableParallelism(), most);
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number;
  throw `must be a whole number from 1 to ${most}, or auto`;
}
