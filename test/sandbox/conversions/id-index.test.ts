import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createIdIndex } from '../../../src/sandbox/conversions/id-index.ts';

it('agrees with a plain count, whatever comes', () => {
  const step = fc.record({
    id: fc.string({ maxLength: 2 }),
    wait: fc.nat(10),
    recorded: fc.boolean(),
    kept: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const index = createIdIndex();
      const expected = new Map<string, { accepted: number; kept: number; keptAt: number }>();
      let now = 0;
      for (const { id, wait, recorded, kept } of steps) {
        now += wait;
        const known = expected.get(id) ?? { accepted: 0, kept: 0, keptAt: Number.NEGATIVE_INFINITY };
        const isFirst = now - known.keptAt >= 25;
        if (recorded) index.record(id, kept);
        else expect(index.add(id, now, 25)).toBe(isFirst);
        const counted = recorded ? kept : isFirst;
        expected.set(id, {
          accepted: known.accepted + 1,
          kept: known.kept + (counted ? 1 : 0),
          keptAt: !recorded && isFirst ? now : known.keptAt,
        });
      }
      const plain = [...expected].map(([id, { accepted, kept }]) => ({ id, accepted, kept }));
      expect([...index.entries()]).toEqual(plain);
      expect(index.size()).toBe(expected.size);
    }),
  );
});

it('holds a million ids in less than 200 MB', () => {
  const before = process.memoryUsage();
  const index = createIdIndex();
  for (let id = 0; id < 1_000_000; id += 1) index.add(`8f14e45f-ceea-467f-a0e6-${id}`, id, 1);
  const after = process.memoryUsage();
  const bytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  expect(index.size()).toBe(1_000_000);
  expect(bytes).toBeLessThan(200e6);
});
