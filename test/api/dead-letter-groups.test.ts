import { expect, it } from 'vitest';
import { createDeadLetterGroups } from '../../src/api/dead-letters/groups.ts';
import { createKnownGroups } from '../../src/api/dead-letters/known-groups.ts';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import type { DeadLetterBrowser } from '../../src/core/dead-letter-browser.ts';
import { fakeRecord } from '../support/deliveries.ts';

const hourMillis = 3_600_000;
const now = 1_000 * hourMillis;

function letter(hoursAgo: number): DeadLetter {
  return { record: fakeRecord({}), failure: { code: 'A', message: 'm' }, at: now - hoursAgo * hourMillis };
}

it.each([
  ['the newest first', Array.from({ length: 100 }, (_, at) => at)],
  ['the oldest first', Array.from({ length: 100 }, (_, at) => 99 - at)],
])('the hours of the last day are counted, with letters of four days that come %s', (_order, hoursAgo) => {
  const groups = createDeadLetterGroups();
  for (const hours of hoursAgo) groups.add(letter(hours));
  const [group] = groups.groups(now);
  expect([group?.count, group?.hours]).toEqual([100, Array.from({ length: 24 }, () => 1)]);
});

it('each letter is counted once, also when the reading of them has failed half-way', async () => {
  let fails = true;
  const browser: Pick<DeadLetterBrowser, 'ranges' | 'readBack'> = {
    ranges: async () => new Map([0, 1].map((partition) => [partition, { low: 0, high: 3 }])),
    async readBack(partition, { low, end }, _most, choose) {
      for (let offset = low; offset < end; offset += 1) {
        if (fails && partition === 1 && offset === 2) throw new Error('the broker is away');
        choose(letter(0), { partition, offset });
      }
      return { letters: [], from: low, looked: end - low };
    },
  };
  const known = createKnownGroups(browser, () => now);
  await expect(known.upToDate()).rejects.toThrow('away');
  fails = false;
  const { groups, looked } = await known.upToDate();
  expect([groups.groups(now)[0]?.count, looked]).toEqual([6, 6]);
});
