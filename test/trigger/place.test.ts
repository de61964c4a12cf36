import { expect, test } from 'vitest';
import { placeAt } from '../../src/trigger/place.ts';

test('a place counts lines and columns from 1 and points at the column', () => {
  expect(placeAt('abc', 1)).toEqual({ line: 1, column: 2, excerpt: '  abc\n   ^' });
  expect(placeAt('a\r\nbc\nd', 4)).toEqual({ line: 2, column: 2, excerpt: '  bc\n   ^' });
  expect(placeAt('ab', 2)).toEqual({ line: 1, column: 3, excerpt: '  ab\n    ^' });
  expect(placeAt('a\n', 2)).toEqual({ line: 2, column: 1, excerpt: '  \n  ^' });
});

test('the caret stands under its column behind tabs, and nothing reaches a terminal that could steer it', () => {
  expect(placeAt('\ta\u001b[2J', 1).excerpt).toBe('   a [2J\n   ^');
});

test('of a long line the part around the place is shown', () => {
  const { excerpt, column } = placeAt(`${'x'.repeat(500)}!${'y'.repeat(500)}`, 500);
  const [line = '', caret = ''] = excerpt.split('\n');
  expect(column).toBe(501);
  expect(line.length).toBeLessThan(140);
  expect(line[caret.indexOf('^')]).toBe('!');
});
