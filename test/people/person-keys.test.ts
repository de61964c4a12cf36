import { expect, it } from 'vitest';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import type { DeadLetterQueue } from '../../src/core/ports.ts';
import { withPersonKeys } from '../../src/people/person-keys.ts';

function letterOf(offset: number): DeadLetter {
  const value = Buffer.from(JSON.stringify({ type: 'identify', traits: { email: `someone-${offset}@example.com` } }));
  const record = { topic: 'events', partition: 0, offset, next: offset + 1, timestamp: 1, key: null, value };
  return { record: { ...record, headers: undefined }, failure: { code: 'META_100', message: 'm' }, at: 2 };
}

/** As a topic of which one partition is away for a while: what was acknowledged isn't written again. */
function partlyFailing(failures: number) {
  const acknowledged = new WeakSet<DeadLetter>();
  const written: DeadLetter[] = [];
  let left = failures;
  const queue: DeadLetterQueue = {
    open: async () => undefined,
    close: async () => undefined,
    async write(letters) {
      const isAway = left > 0;
      left -= 1;
      for (const letter of letters) {
        if (acknowledged.has(letter) || (isAway && letter.record.offset % 2 === 1)) continue;
        acknowledged.add(letter);
        written.push(letter);
      }
      if (isAway) throw new Error('a partition is away');
    },
  };
  return { queue, written };
}

it('letters with the keys of people are written once, however often the write of others is repeated', async () => {
  const { queue, written } = partlyFailing(3);
  const keyed = withPersonKeys(queue, { readOther: () => undefined, countries: () => [] });
  const letters = [letterOf(0), letterOf(1), letterOf(2)];
  for (let time = 0; time < 3; time += 1) await expect(keyed.write(letters)).rejects.toThrow('away');
  await keyed.write(letters);
  expect(written.map(({ record }) => record.offset)).toEqual([0, 2, 1]);
  expect(written.every(({ people }) => people?.length === 1)).toBe(true);
});
