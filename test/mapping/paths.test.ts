import { expect, test } from 'vitest';
import { mappingPaths } from '../../src/mapping/compile.ts';

test('each path comes with its place', () => {
  const mapping = {
    value: { '@first': [{ '@path': '$.properties.total' }, { '@path': "properties['order.total']" }] },
    ids: { '@arrayPath': ['$.properties.products', { '@path': '$.sku' }] },
    text: { '@template': '{{event}} {{{properties.products[0].sku}}}' },
    liquid: { '@liquid': '{% assign t = traits.name %}{{ t }} {{ context.page["url"] }} {{ a[b.c] }}' },
  };
  expect(mappingPaths(mapping)).toStrictEqual([
    { path: ['properties', 'total'], at: ['value', '@first', 0, '@path'] },
    { path: ['properties', 'order.total'], at: ['value', '@first', 1, '@path'] },
    { path: ['properties', 'products'], at: ['ids', '@arrayPath', 0] },
    { path: ['properties', 'products', 'sku'], at: ['ids', '@arrayPath', 1, '@path'], nested: true },
    { path: ['event'], at: ['text', '@template'] },
    { path: ['properties', 'products', '0', 'sku'], at: ['text', '@template'] },
    { path: ['traits', 'name'], at: ['liquid', '@liquid'] },
    { path: ['context', 'page', 'url'], at: ['liquid', '@liquid'] },
    { path: ['a'], at: ['liquid', '@liquid'] },
    { path: ['b', 'c'], at: ['liquid', '@liquid'] },
  ]);
});

test('what is read of what is at a path is a longer path', () => {
  const mapping = {
    a: { '@arrayPath': [{ '@path': '$.list' }, { x: { '@arrayPath': ['$.inner', { y: { '@path': '$.z' } }] } }] },
    b: { '@transform': { apply: { '@path': '$.' }, mapping: { '@template': '{{context.kafka.key}}' } } },
  };
  expect(mappingPaths(mapping).map(({ path }) => path)).toStrictEqual([
    ['list'],
    ['list', 'inner'],
    ['list', 'inner', 'z'],
    [],
    ['context', 'kafka', 'key'],
  ]);
});

test('what is read of a value that is made is left out', () => {
  const mapping = {
    a: { '@arrayPath': [{ '@json': { mode: 'decode', value: { '@path': '$.list' } } }, { x: { '@path': '$.y' } }] },
    b: { '@transform': { apply: { k: { '@path': '$.k' } }, mapping: { '@path': '$.inside' } } },
    c: { '@literal': { '@path': '$.data' } },
  };
  expect(mappingPaths(mapping).map(({ path }) => path)).toStrictEqual([['list'], ['k']]);
});

test('a computed path gives the paths that it is computed from', () => {
  expect(mappingPaths({ '@path': { '@path': '$.properties.which' } })).toStrictEqual([
    { path: ['properties', 'which'], at: ['@path', '@path'] },
  ]);
});

test('the whole event is the empty path', () => {
  expect(mappingPaths({ '@path': '$.' })).toStrictEqual([{ path: [], at: ['@path'] }]);
});
