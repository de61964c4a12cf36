import { describe, expect, test } from 'vitest';
import { lintMapping } from '../../src/mapping/lint.ts';

const lint = (path: string, types?: Parameters<typeof lintMapping>[1]) => lintMapping({ x: { '@path': path } }, types);

describe('a path that finds nothing in any call', () => {
  test.each([
    ['$.propertis.total', 'did you mean "properties.total"?'],
    ['$.Properties.total', 'did you mean "properties.total"?'],
    ['$.trait.email', 'did you mean "traits.email"?'],
    ['userid', 'did you mean "userId"?'],
    ['$.context.pge.url', 'did you mean "context.page.url"?'],
    ['$.context.useragent', 'did you mean "context.userAgent"?'],
    ['$.order_total', 'custom data is in properties or traits: $.properties.order_total'],
  ])('%s: %s', (path, fix) => {
    expect(lint(path)).toMatchObject([{ severity: 'warning', code: 'UNKNOWN_MEMBER', path: ['x', '@path'], fix }]);
  });

  test('is found in templates, lists and liquid as well', () => {
    const mapping = {
      a: { '@template': '{{propertys.a}}' },
      b: { '@arrayPath': ['$.propertys.b', {}] },
      c: { '@liquid': '{{ propertys.c }}' },
    };
    expect(lintMapping(mapping).map(({ path }) => path)).toStrictEqual([
      ['a', '@template'],
      ['b', '@arrayPath', 0],
      ['c', '@liquid'],
    ]);
  });
});

describe('no false alarm', () => {
  test.each([
    '$.',
    '$.properties.anything.at[0].all',
    '$.traits.my_trait',
    '$.context.traits.whatever',
    '$.context.page.whatever',
    '$.context.our_own_member',
    '$.context.fbc',
    '$.context.device.advertisingId',
    '$.context.personas.computation_key',
    '$.integrations.Facebook Pixel.fbc',
    '$.integrations.meta.x',
    '$.messageId',
    '$.originalTimestamp',
    '$.users',
    '$.rudderId',
  ])('%s', (path) => {
    expect(lint(path)).toStrictEqual([]);
  });

  test('a second time inside a shape', () => {
    expect(lintMapping({ '@arrayPath': ['$.propertis.list', { id: { '@path': '$.sku' } }] })).toHaveLength(1);
  });

  test('inside a shape, where paths start at an item', () => {
    expect(lintMapping({ '@arrayPath': ['$.properties.products', { id: { '@path': '$.sku' } }] })).toStrictEqual([]);
  });
});

describe('a member that only some calls have', () => {
  test('is nothing to warn about when one of them comes, or when it is unknown which come', () => {
    expect(lint('$.event')).toStrictEqual([]);
    expect(lint('$.event', ['identify', 'track'])).toStrictEqual([]);
  });

  test('is named when none of them comes', () => {
    expect(lint('$.event', ['identify'])).toMatchObject([
      { code: 'UNKNOWN_MEMBER', message: 'identify calls have no member "event"; track, page, screen calls do' },
    ]);
  });
});
