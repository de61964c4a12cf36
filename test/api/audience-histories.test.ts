import { expect, it } from 'vitest';
import { createAudienceGrowth } from '../../src/api/traffic/audience-growth.ts';
import { createAudienceHistories } from '../../src/api/traffic/audience-histories.ts';

/** Brought up to date each second by what was counted of audiences since their lanes were opened. */
function ticking() {
  const histories = createAudienceHistories();
  const growth = createAudienceGrowth();
  return {
    of: histories.of,
    tick(counted: Parameters<typeof growth.since>[0]) {
      histories.add(growth.since(counted));
      histories.tick();
    },
  };
}

const newest = (histories: ReturnType<typeof ticking>, id: string) => [
  histories.of(id)?.last('joins', '10m', 3),
  histories.of(id)?.last('leaves', '10m', 3),
];

it('joins and leaves are those of each second', () => {
  const histories = ticking();
  histories.tick([{ id: '1', joins: 5, leaves: 0 }]);
  histories.tick([{ id: '1', joins: 5, leaves: 2 }]);
  histories.tick([{ id: '1', joins: 9, leaves: 2 }]);
  expect(newest(histories, '1')).toEqual([
    [5, 0, 4],
    [0, 2, 0],
  ]);
  expect(histories.of('2')).toBeUndefined();
});

it('an audience whose lane was closed and opened again is counted on', () => {
  const histories = ticking();
  histories.tick([{ id: '1', joins: 5, leaves: 0 }]);
  histories.tick([]);
  histories.tick([{ id: '1', joins: 2, leaves: 1 }]);
  expect(newest(histories, '1')).toEqual([
    [5, 0, 2],
    [0, 0, 1],
  ]);
  histories.tick([{ id: '1', joins: 1, leaves: 1 }]);
  expect(newest(histories, '1')[0]).toEqual([0, 2, 1]);
});

it('of many audiences those that were changed last are kept, and none is counted twice', () => {
  const histories = ticking();
  const many = Array.from({ length: 300 }, (_, at) => ({ id: String(at), joins: 1, leaves: 0 }));
  histories.tick(many);
  expect([histories.of('0'), histories.of('99')]).toEqual([undefined, undefined]);
  expect(newest(histories, '299')[0]).toEqual([0, 0, 1]);
  histories.tick([{ id: '0', joins: 3, leaves: 0 }, ...many.slice(1)]);
  expect(newest(histories, '0')[0]).toEqual([0, 0, 2]);
  expect(histories.of('100')).toBeUndefined();
});
