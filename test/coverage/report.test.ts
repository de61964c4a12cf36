import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { rejectedDelivery, rejectionReport } from '../../src/pipeline/lane/rejection-report.ts';
import { nothingCounted, rowOutcomes } from '../../src/meta/audiences/users-answer.ts';
import { deliveries } from '../delivery/fakes.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** What Meta's reason for one row becomes. */
function failureFor(reason: string) {
  const body = JSON.stringify([digest('a@shop.example')]);
  const json = { num_received: 1, num_invalid_entries: 1, invalid_entry_samples: { [body]: reason } };
  const reply = { kind: 'answered', status: 200, headers: {}, json } as unknown as Parameters<typeof rowOutcomes>[0];
  const [outcome] = rowOutcomes(reply, [{ body, bytes: Buffer.byteLength(body) }], nothingCounted);
  if (outcome?.kind !== 'rejected') throw new Error('not rejected');
  return outcome.failure;
}

test('a report is by reason, in the words of Meta, with fingerprints and positions', () => {
  const failure = failureFor('Invalid hash');
  const rejected = deliveries(5).map((delivery) => rejectedDelivery({ delivery, failure }));
  const report = rejectionReport(rejected, 2);
  expect(report).toMatch(/^5 rejected, threshold 2\. \[Invalid hash — 5 samples; e\.g\. [0-9a-f]{8}\*\*\* at /);
  expect(failure.message).toContain('Invalid hash');
});

test('a reason that is not recognized is told by its fingerprint', () => {
  const { reason = '', message } = failureFor('Jane Doe lives in Springfield');
  expect(reason).toBe(`reason ${digest('Jane Doe lives in Springfield').slice(0, 8)}***`);
  expect(message).not.toContain('Jane');
});
