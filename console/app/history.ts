import type { AudienceHistory, History } from './api-types.ts';

/** A history for drawing: few enough points to be calm. */
export interface Drawn {
  /** Unix seconds. */
  readonly times: readonly number[];
  /** A second. */
  readonly read: readonly number[];
  readonly delivered: readonly number[];
  readonly setAside: readonly number[];
  /** Milliseconds; null where nothing was delivered. */
  readonly p50: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
}

const points = 120;
/** A line needs some length. */
const shortestSeconds = 60;

/** Without the time before `since`, when there was no process to count. */
export function drawn(whole: History, since: number): Drawn {
  const { stepSeconds, from, read, delivered, setAside, delayP50, delayP99 } = later(whole, since);
  const size = Math.max(1, Math.ceil(read.length / points));
  const perSecond = (values: readonly number[]) =>
    groups(values, size).map((group) => sum(group) / (group.length * stepSeconds));
  return {
    times: groups(read, size).map((_group, index) => from / 1000 + index * size * stepSeconds),
    read: perSecond(read),
    delivered: perSecond(delivered),
    setAside: perSecond(setAside),
    p50: groups(delayP50, size).map(middle),
    p99: groups(delayP99, size).map(highest),
  };
}

/** Who joined and left an audience, in so many spans that each is a bar. */
export interface DrawnChanges {
  /** Unix seconds, of the beginning of each span. */
  readonly times: readonly number[];
  readonly joins: readonly number[];
  /** Below the line, as negative numbers. */
  readonly leaves: readonly number[];
}

const bars = 60;

export function drawnChanges(whole: AudienceHistory, since: number): DrawnChanges {
  const { stepSeconds, from, joins, leaves } = later(whole, since);
  const size = Math.max(1, Math.ceil(whole.joins.length / bars));
  return {
    times: groups(joins, size).map((_group, index) => from / 1000 + index * size * stepSeconds),
    joins: groups(joins, size).map(sum),
    leaves: groups(leaves, size).map((group) => -sum(group)),
  };
}

interface Spanned {
  readonly stepSeconds: number;
  /** Unix milliseconds. */
  readonly from: number;
}

function later<T extends Spanned>(history: T, since: number): T {
  const { stepSeconds, from } = history;
  const length = Math.max(...Object.values(history).map((value) => (Array.isArray(value) ? value.length : 0)));
  const steps = Math.floor((since - from) / (stepSeconds * 1000));
  const cut = Math.max(0, Math.min(steps, length - Math.ceil(shortestSeconds / stepSeconds)));
  const rest = Object.entries(history).map(([name, value]) => [name, Array.isArray(value) ? value.slice(cut) : value]);
  return { ...(Object.fromEntries(rest) as T), from: from + cut * stepSeconds * 1000 };
}

function groups(values: readonly number[], size: number): readonly (readonly number[])[] {
  const count = Math.ceil(values.length / size);
  return Array.from({ length: count }, (_group, index) => values.slice(index * size, (index + 1) * size));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Of the middles of seconds: near enough for a line. */
function middle(values: readonly number[]): number | null {
  const known = values.filter((value) => value > 0).sort((a, b) => a - b);
  return known[Math.floor(known.length / 2)] ?? null;
}

function highest(values: readonly number[]): number | null {
  const known = values.filter((value) => value > 0);
  return known.length === 0 ? null : Math.max(...known);
}
