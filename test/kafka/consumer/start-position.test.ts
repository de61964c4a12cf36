import { describe, expect, it } from 'vitest';
import { decideStart } from '../../../src/kafka/consumer/start-position.ts';

const offsets = (committed: number | undefined) => ({
  topic: 't',
  partition: 0,
  earliest: 10,
  latest: 20,
  committed,
  metadata: undefined,
  log: undefined,
  committedLog: undefined,
});

describe('rule 4: where a partition of a known topic goes on', () => {
  it.each([
    [10, { kind: 'read', position: 10 }],
    [20, { kind: 'read', position: 20 }],
    [undefined, { kind: 'read', position: 10 }],
    [9, { kind: 'out_of_range', side: 'before' }],
    [21, { kind: 'out_of_range', side: 'behind' }],
  ] as const)('committed %s of 10 to 20', (committed, decision) => {
    expect(decideStart(offsets(committed))).toEqual(decision);
  });

  it.each([
    ['one', 'another', { kind: 'another_log' }],
    ['one', 'one', { kind: 'read', position: 15 }],
    [undefined, 'one', { kind: 'read', position: 15 }],
    ['one', undefined, { kind: 'read', position: 15 }],
  ] as const)('committed in log %s, which is now %s', (committedLog, log, decision) => {
    expect(decideStart({ ...offsets(15), committedLog, log })).toEqual(decision);
  });
});
