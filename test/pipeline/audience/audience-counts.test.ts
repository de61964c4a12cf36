import { expect, test } from 'vitest';
import { encodedChange } from '../../../src/core/encoded-change.ts';
import { createAudienceCounts } from '../../../src/pipeline/audience/audience-counts.ts';
import { parkedFailure } from '../../../src/pipeline/lane/parked-failure.ts';

test('what is parked is not rejected: it comes back', () => {
  const { ended, counts } = createAudienceCounts(() => 7);
  const change = encodedChange({ operation: 'remove', user: 'u', identifiers: ['u'], rows: [{ EXTERN_ID: 'u' }] });
  ended(change, { kind: 'rejected', failure: parkedFailure });
  expect(counts()).toEqual({ joins: 0, leaves: 0, rejected: 0, lastAt: undefined });
  ended(change, { kind: 'rejected', failure: { code: 'BAD', message: 'bad' } });
  ended(change, { kind: 'delivered' });
  expect(counts()).toEqual({ joins: 0, leaves: 1, rejected: 1, lastAt: 7 });
});
