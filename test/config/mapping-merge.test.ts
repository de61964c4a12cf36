import { describe, expect, test } from 'vitest';
import { mergedMapping } from '../../src/config/mapping-merge.ts';
import type { ActionDefinition } from '../../src/core/action.ts';

const field = (type: 'string' | 'object', value?: unknown) => ({ label: 'x', description: 'x', type, default: value });

const definition: ActionDefinition = {
  title: 'x',
  description: 'x',
  fields: {
    a: field('string', { '@path': '$.a' }),
    b: field('string'),
    app_data: field('object', { one: 1, two: { '@path': '$.two' } }),
    extra: field('object', { '@path': '$.extra' }),
  },
  toPayload: () => ({ kind: 'skipped', reason: 'unused' }),
};

describe('a merged mapping', () => {
  test('has the defaults where a subscription maps nothing', () => {
    expect(mergedMapping(definition, {})).toEqual({
      a: { '@path': '$.a' },
      app_data: { one: 1, two: { '@path': '$.two' } },
      extra: { '@path': '$.extra' },
    });
  });

  test('is overridden field by field, null included', () => {
    expect(mergedMapping(definition, { a: null, b: 'given' })).toMatchObject({ a: null, b: 'given' });
  });

  test('overrides plain objects member by member, and directives whole', () => {
    const merged = mergedMapping(definition, { app_data: { two: 2, three: 3 }, extra: { x: 1 } });
    expect(merged['app_data']).toEqual({ one: 1, two: 2, three: 3 });
    expect(merged['extra']).toEqual({ x: 1 });
    expect(mergedMapping(definition, { app_data: { '@path': '$.x' } })['app_data']).toEqual({ '@path': '$.x' });
  });
});
