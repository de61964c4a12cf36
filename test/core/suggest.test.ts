import { expect, test } from 'vitest';
import { suggest } from '../../src/core/suggest.ts';

const names = ['contains', 'match', 'length', 'in', 'properties'] as const;

test.each([
  ['contains', 'contains'],
  ['CONTAINS', 'contains'],
  ['contians', 'contains'],
  ['contain', 'contains'],
  ['propreties', 'properties'],
  ['lenght', 'length'],
  ['mach', 'match'],
  ['im', 'in'],
])('%s is taken for %s', (word, expected) => {
  expect(suggest(word, names)).toBe(expected);
});

test.each(['banana', 'mat', '', 'contentious', 'xyz'])('%j is like none', (word) => {
  expect(suggest(word, names)).toBeUndefined();
});
