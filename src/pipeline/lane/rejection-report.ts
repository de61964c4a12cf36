import { createHash } from 'node:crypto';
import type { Delivery } from '../../core/delivery.ts';
import { textOf } from '../../core/encoded-body.ts';
import type { Failure } from '../../core/outcome.ts';

export interface RejectedDelivery {
  readonly delivery: Delivery;
  readonly failure: Failure;
}

const maxReasons = 5;
const maxSamples = 3;

/**
 * What was rejected of one batch, by reason. Samples are named by eight characters of the SHA-256 of what was sent.
 *
 * `3 rejected, threshold 0. [META_100_2804050 — 2 samples; e.g. a1b2c3d4***, 0f9e8d7c***; BAD — 1 sample; e.g. …]`
 */
export function rejectionReport(rejected: readonly RejectedDelivery[], threshold: number): string {
  const reasons = new Map<string, Delivery[]>();
  for (const { delivery, failure } of rejected) {
    const samples = reasons.get(failure.code);
    if (samples === undefined) reasons.set(failure.code, [delivery]);
    else samples.push(delivery);
  }
  const sorted = [...reasons].sort(([, a], [, b]) => b.length - a.length);
  const texts = sorted.slice(0, maxReasons).map(([code, samples]) => reasonText(code, samples));
  if (sorted.length > maxReasons) texts.push(`... and ${sorted.length - maxReasons} more`);
  return `${rejected.length} rejected, threshold ${threshold}. [${texts.join('; ')}]`;
}

function reasonText(code: string, samples: readonly Delivery[]): string {
  const named = samples.slice(0, maxSamples).map((sample) => `${fingerprint(textOf(sample))}***`);
  return `${code} — ${samples.length} ${samples.length === 1 ? 'sample' : 'samples'}; e.g. ${named.join(', ')}`;
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
