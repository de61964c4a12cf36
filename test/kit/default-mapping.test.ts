import { expect, test } from 'vitest';
import { defaultMapping } from '../../src/kit/default-mapping.ts';

test('holds the defaults of the fields that have one, also those that are falsy', () => {
  const about = { label: 'A', description: 'A.' };
  const fields = {
    a: { ...about, type: 'string', default: { '@path': '$.a' } },
    b: { ...about, type: 'boolean', default: false },
    c: { ...about, type: 'number' },
  } as const;
  expect(defaultMapping({ fields })).toEqual({ a: { '@path': '$.a' }, b: false });
});
