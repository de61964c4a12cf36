import { expect, test } from 'vitest';
import { nearest } from '../../src/trigger/suggest.ts';

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
  expect(nearest(word, names)).toBe(expected);
});

test.each(['banana', 'mat', '', 'contentious', 'xyz'])('%j is like none', (word) => {
  expect(nearest(word, names)).toBeUndefined();
});
