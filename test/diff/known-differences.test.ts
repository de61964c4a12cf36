import { describe, expect, it } from 'vitest';
import { loadBuiltInActions } from '../../src/connector/available-actions.ts';
import { loadDestination } from '../../src/config/destination.ts';
import { createComparison } from '../../src/diff/comparison.ts';
import { asJson, isSame } from '../../src/diff/report.ts';
import { fakeRecord } from '../support/deliveries.ts';
import { knownDifferences, shownDifferences } from '../support/known-differences.ts';

const actions = await loadBuiltInActions();
const decode = { envelope: [], maxRecordBytes: 1_000_000 };
const head = { old: 'old', new: 'new', events: 'a shop', notes: [] };

function loaded(file: object) {
  const { destination, problems } = loadDestination('shop.json', JSON.stringify(file), { actions, environment: {} });
  if (destination === undefined) throw new Error(JSON.stringify(problems));
  return [destination];
}

describe('20,000 events of a shop', () => {
  it('tell the five differences of two configurations, with their counts, and no other', () => {
    const known = knownDifferences();
    const comparison = createComparison({ old: loaded(known.old), new: loaded(known.new), decode });
    let offset = 0;
    for (const value of known.events(20_000)) comparison.take(fakeRecord({ offset: offset++, value }));
    expect(shownDifferences(asJson(head, comparison.result()))).toEqual(known.expected());
  });

  it('tell no difference of a configuration and itself', () => {
    const known = knownDifferences();
    const comparison = createComparison({ old: loaded(known.new), new: loaded(known.new), decode });
    let offset = 0;
    for (const value of known.events(2_000)) comparison.take(fakeRecord({ offset: offset++, value }));
    expect(isSame(comparison.result())).toBe(true);
  });
});
