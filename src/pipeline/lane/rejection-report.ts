import { identifyingKeys } from '../../core/audience.ts';
import type { DeadLetter } from '../../core/dead-letter.ts';
import type { Delivery } from '../../core/delivery.ts';
import { textOf } from '../../core/encoded-body.ts';
import { fingerprint } from '../../core/fingerprint.ts';
import type { Failure } from '../../core/outcome.ts';
import type { Position } from '../../core/record.ts';
import { parkedCode } from './parked-failure.ts';

export interface RejectedDelivery {
  readonly delivery: Delivery;
  readonly failure: Failure;
}

/** What was rejected of one event: by Meta, or by us before anything was sent. */
export interface Rejected {
  readonly failure: Failure;
  /** How many of a list of users. */
  readonly count: number;
  /** How the user finds it again. */
  sample(): string;
}

/** Rejections that say nothing about the mapping or the data. */
const uncounted: ReadonlySet<string> = new Set([
  'EVENT_TOO_OLD',
  'AMBIGUOUS_TOO_OLD',
  'ABANDONED',
  'LANE_BLOCKED',
  'RETENTION',
  'SUBSCRIPTION_REMOVED',
  parkedCode,
]);

/** Whether the rejection says something about the mapping or the data, so that too many of them stop the work. */
export function isCounted({ code }: Failure): boolean {
  return !uncounted.has(code);
}

export function rejectedDelivery({ delivery, failure }: RejectedDelivery): Rejected {
  return { failure, count: 1, sample: () => `${valueFingerprint(delivery)}*** at ${placeOf(delivery.pending.record)}` };
}

export function rejectedRecord({ record, failure }: Pick<DeadLetter, 'record' | 'failure'>): Rejected {
  const { topic, partition, offset } = record;
  return { failure, count: failure.rejected ?? 1, sample: () => placeOf({ topic, partition, offset }) };
}

export function countOf(rejected: readonly Rejected[]): number {
  return rejected.reduce((sum, { count }) => sum + count, 0);
}

const maxReasons = 5;
const maxSamples = 3;

/**
 * What was rejected of one batch, by reason: in Meta's words where it gave some, else our code. A sample is named by the
 * fingerprint of what identifies it, and by where it was read.
 *
 * `3 rejected, threshold 0. [invalid hash format — 2 samples; e.g. a1b2c3d4*** at rows/0@17, …; NO_IDENTIFIER — 1 sample; e.g. rows/0@21]`
 */
export function rejectionReport(rejected: readonly Rejected[], threshold: number): string {
  const reasons = new Map<string, Rejected[]>();
  for (const rejection of rejected) {
    const reason = rejection.failure.reason ?? rejection.failure.code;
    const samples = reasons.get(reason);
    if (samples === undefined) reasons.set(reason, [rejection]);
    else samples.push(rejection);
  }
  const sorted = [...reasons].sort(([, a], [, b]) => countOf(b) - countOf(a));
  const texts = sorted.slice(0, maxReasons).map(([reason, samples]) => reasonText(reason, samples));
  if (sorted.length > maxReasons) texts.push(`... and ${sorted.length - maxReasons} more`);
  return `${countOf(rejected)} rejected, threshold ${threshold}. [${texts.join('; ')}]`;
}

function reasonText(reason: string, samples: readonly Rejected[]): string {
  const count = countOf(samples);
  const named = samples.slice(0, maxSamples).map((rejection) => rejection.sample());
  return `${reason} — ${count} ${count === 1 ? 'sample' : 'samples'}; e.g. ${named.join(', ')}`;
}

/** The fingerprint of what the user can look for: an event's id, or the first value of a row that tells who it is. */
function valueFingerprint(delivery: Delivery): string {
  if (delivery.eventId !== undefined) return fingerprint(delivery.eventId);
  const text = textOf(delivery);
  const { schema = [] } = delivery.terms ?? {};
  const at = identifyingKeys.map((key) => schema.indexOf(key)).find((index) => index >= 0);
  if (at === undefined) return fingerprint(text);
  const cells: unknown = JSON.parse(text);
  return fingerprint(String(Array.isArray(cells) ? cells[at] : text));
}

function placeOf({ topic, partition, offset }: Position): string {
  return `${topic.split('/').at(-1)}/${partition}@${offset}`;
}
