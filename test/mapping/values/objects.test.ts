import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileMapping } from '../../../src/mapping/compile.ts';

const names = Array.from({ length: 70 }, (_, index) => `m${index}`);
const mapping = Object.fromEntries(names.map((name) => [name, { '@path': `$.${name}` }]));

test('an object of many members has those that were found, in their order, and no others', () => {
  const resolve = compileMapping(mapping);
  fc.assert(
    fc.property(fc.subarray(names), fc.jsonValue({ maxDepth: 1 }), (found, value) => {
      const event = Object.fromEntries(found.map((name) => [name, value]));
      expect(Object.entries(resolve(event) as object)).toEqual(found.map((name) => [name, value]));
    }),
    { numRuns: 600 },
  );
});

test('results are not connected: a change of one shows in no other', () => {
  const resolve = compileMapping(mapping);
  const event = Object.fromEntries(names.slice(0, 20).map((name) => [name, 1]));
  const first = resolve(event) as Record<string, unknown>;
  first['m3'] = 'changed';
  delete first['m4'];
  expect(resolve(event)).toEqual(event);
});
