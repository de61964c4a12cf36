import { describe, expect, it } from 'vitest';
import { createFingerprintTable, hashOf } from '../../src/diff/fingerprint-table.ts';

describe('a table of fingerprints', () => {
  it('knows the number of every text that was put in, and of no other', () => {
    const table = createFingerprintTable({ left: 100_000 }, Uint8Array);
    const hash = (id: number) => hashOf(`id-${id}`);
    const ids = Array.from({ length: 50_000 }, (_, id) => id);
    expect(ids.filter((id) => table.update(hash(id), () => 1 + (id % 3)) !== 0)).toEqual([]);
    expect(ids.filter((id) => table.get(hash(id)) !== 1 + (id % 3))).toEqual([]);
    expect(table.get(hashOf(''))).toBe(0);
    expect(table.size).toBe(50_000);
    expect([...table.counts().subarray(0, 4)]).toEqual([0, 16_667, 16_667, 16_666]);
  });

  it('changes numbers, one or all', () => {
    const table = createFingerprintTable({ left: 10 }, Uint8Array);
    const [one, two] = [hashOf('one'), hashOf('two')];
    table.update(one, () => 1);
    expect(table.update(one, (before) => before + 4)).toBe(1);
    table.update(two, () => 7);
    table.updateAll((number) => number * 2);
    expect([table.get(one), table.get(two)]).toEqual([10, 14]);
  });

  it('keeps numbers as large as hashes where it is made for them', () => {
    const table = createFingerprintTable({ left: 10 }, Float64Array);
    table.update(hashOf('one'), () => hashOf('another'));
    expect(table.get(hashOf('one'))).toBe(hashOf('another'));
  });

  it('takes no new text when its room is used up, also by another table', () => {
    const room = { left: 2 };
    const [first, second] = [createFingerprintTable(room, Uint8Array), createFingerprintTable(room, Uint8Array)];
    expect(first.update(hashOf('a'), () => 1)).toBe(0);
    expect(second.update(hashOf('a'), () => 1)).toBe(0);
    expect(first.update(hashOf('b'), () => 1)).toBeUndefined();
    expect(first.get(hashOf('b'))).toBe(0);
    expect(first.update(hashOf('a'), () => 2)).toBe(1);
  });
});
