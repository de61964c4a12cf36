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
