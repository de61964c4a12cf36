import { describe, expect, it } from 'vitest';
import { createUnknownCodes } from '../../src/delivery/unknown-codes.ts';

function setUp() {
  let successes = 0;
  const unknownCodes = createUnknownCodes({ successes: () => successes });
  return {
    unknownCodes,
    succeed: () => {
      successes += 1;
    },
  };
}

describe('an unknown code', () => {
  it('rule 14: blames the lane from the 20th record in a row on, over all calls', () => {
    const { unknownCodes } = setUp();
    const calls = [unknownCodes.startCall(), unknownCodes.startCall()];
    for (let record = 0; record < 19; record += 1) calls[record % 2]?.add(record, 'META_7');
    expect(unknownCodes.blamesLane('META_7')).toBe(false);
    calls[0]?.add(19, 'META_7');
    expect(unknownCodes.blamesLane('META_7')).toBe(true);
    expect(unknownCodes.blamesLane('META_8')).toBe(false);
    expect(calls[1]?.acquit()).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17]);
    expect(calls[1]?.acquit()).toEqual([]);
  });

  it('gives no record back that met the code before the row', () => {
    const { unknownCodes, succeed } = setUp();
    const early = unknownCodes.startCall();
    const late = unknownCodes.startCall();
    early.add(0, 'META_7');
    succeed();
    for (let record = 0; record < 20; record += 1) late.add(record, 'META_7');
    expect(early.acquit()).toEqual([]);
    expect(late.acquit()).toHaveLength(20);
  });

  it('blames nobody any more once something is delivered', () => {
    const { unknownCodes, succeed } = setUp();
    const call = unknownCodes.startCall();
    for (let record = 0; record < 20; record += 1) call.add(record, 'META_7');
    succeed();
    expect(unknownCodes.blamesLane('META_7')).toBe(false);
  });
});
