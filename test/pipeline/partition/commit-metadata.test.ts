import { expect, test } from 'vitest';
import { type CommitMetadata, parseMetadata, printMetadata } from '../../../src/pipeline/partition/commit-metadata.ts';

const map = new Map([['00000000', { to: 9, holes: [6] }]]);

test.each<[string, CommitMetadata]>([
  ['what is done', { done: map, clean: undefined }],
  ['that nothing is on its way', { done: new Map(), clean: true }],
  ['that something may be, and what is done', { done: map, clean: false }],
])('rules 3 and 24: the next process is told %s', (_, told) => {
  expect(parseMetadata(printMetadata(5, told), 5)).toEqual(told);
});

test('a commit says nothing where there is nothing to tell', () => {
  expect(printMetadata(5, { done: new Map(), clean: undefined })).toBeUndefined();
});

test.each([
  ['nothing', undefined],
  ['another program’s text', 'consumer-7'],
  ['broken JSON', '{"v":1'],
  ['another version', '{"v":2,"at":5,"clean":true,"done":{"00000000":[9]}}'],
  ['another position', '{"v":1,"at":4,"clean":true,"done":{"00000000":[9]}}'],
  ['values of other types', '{"v":1,"at":5,"clean":"yes","done":{"00000000":["x"]}}'],
])('rules 3 and 24: nothing is taken from %s', (_name, text) => {
  expect(parseMetadata(text, 5)).toEqual({ done: new Map(), clean: undefined });
});
