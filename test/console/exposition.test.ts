import { describe, expect, it } from 'vitest';
import { breakdown, groups, samplesOf, sum } from '../../console/exposition.js';

const text = String.raw`# HELP meta_actions_skipped_total Events that a subscription left out
# TYPE meta_actions_skipped_total counter
meta_actions_skipped_total{destination="shop",subscription="Orders",reason="trigger"} 12
meta_actions_skipped_total{destination="shop",subscription="Orders",reason="consent"} 3
meta_actions_skipped_total{destination="shop",subscription="say \"hi\", {you}",reason="trigger"} 1
meta_actions_in_flight_records 7
process_cpu_seconds_total 1.5
`;

describe('the exposition format in the browser', () => {
  const samples = samplesOf(text);

  it('gives the samples of this product with their labels, without those of the process', () => {
    expect(samples).toHaveLength(4);
    expect(samples.at(-1)).toEqual({ name: 'in_flight_records', labels: {}, value: 7 });
  });

  it('reads labels with quotes, commas and braces', () => {
    expect(samples[2]?.labels['subscription']).toBe('say "hi", {you}');
  });

  it('sums over the labels that were not named', () => {
    expect(sum(samples, 'skipped_total', { subscription: 'Orders' })).toBe(15);
    expect(sum(samples, 'skipped_total', {})).toBe(16);
    expect(sum(samples, 'no_such_total', {})).toBe(0);
  });

  it('lists each group once, and leaves out samples that lack a label', () => {
    expect(groups(samples, ['skipped_total', 'in_flight_records'], ['subscription'])).toEqual([
      { subscription: 'Orders' },
      { subscription: 'say "hi", {you}' },
    ]);
  });

  it('says in words what a counter counts by a label', () => {
    const group = { destination: 'shop', subscription: 'Orders' };
    expect(breakdown(samples, 'skipped_total', group, 'reason')).toBe('trigger 12, consent 3');
  });
});
