import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identifyAll } from '../../../src/identity/identify.ts';
import type { IdentityOptions } from '../../../src/identity/options.ts';
import { valuesIn } from '../../../src/kit/audience/column-values.ts';
import { columnsOf } from '../../../src/kit/audience/columns.ts';

const parts = [
  ['doby', 'DOBY'],
  ['dobm', 'DOBM'],
  ['dobd', 'DOBD'],
] as const;

const number = (from: number, to: number) => fc.integer({ min: from, max: to });
const written = fc
  .record({ year: number(1890, 2030), month: number(1, 13), day: number(1, 31) })
  .chain(({ year, month, day }) =>
    fc.constantFrom(
      `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
      `${year}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`,
      `${day}.${month}.${year}`,
      `${month}/${day}/${year}`,
      `${day} June ${year}`,
      `${year}-0${month}-0${day}T10:00:00Z`,
      { year, month, day: String(day) },
      { year },
      year,
    ),
  );

test('the parts of a birthday are what their own rules read from it', () => {
  const given = fc.oneof(written, fc.array(written, { minLength: 1, maxLength: 3 }));
  const version = fc.constantFrom(1, 2);
  const dateOrder = fc.constantFrom('mdy' as const, 'dmy' as const);
  fc.assert(
    fc.property(given, version, dateOrder, (db, rules, order) => {
      const options: IdentityOptions & { audience: true } = {
        ...{ audience: true, version: rules, dateOrder: order, now: Date.parse('2026-06-15T12:00:00Z') },
      };
      const { columns } = columnsOf({ db }, options);
      const whole = (Array.isArray(db) ? db : [db]).filter(
        (one) => typeof one === 'object' || identifyAll('db', one, options).values.length > 0,
      );
      for (const [rule, key] of parts) {
        const { values } = whole.length === 0 ? { values: [] } : identifyAll(rule, whole, options);
        expect(valuesIn(columns, key) ?? []).toEqual(values);
      }
    }),
    { numRuns: 2_000 },
  );
});
