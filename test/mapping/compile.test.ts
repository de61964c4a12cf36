import { describe, expect, test } from 'vitest';
import { ConnectorError } from '../../src/core/errors.ts';
import { compileMapping } from '../../src/mapping/compile.ts';
import { asJson, eventOf, invalidCases, validCases } from './fixtures.ts';

describe.each(validCases)('%s', (_file, cases) => {
  test.each(cases)('$title', (each) => {
    expect(asJson(compileMapping(each.mapping)(eventOf(each)))).toStrictEqual(each.result);
  });
});

describe.each(invalidCases)('%s: does not compile', (_file, cases) => {
  test.each(cases)('$title', ({ mapping, problems }) => {
    const error = refusal(mapping);
    expect(error.code).toBe('MAPPING_INVALID');
    const { diagnostics } = error.details as { diagnostics: { severity: string }[] };
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toHaveLength(problems.length);
  });
});

function refusal(mapping: unknown): ConnectorError {
  try {
    compileMapping(mapping);
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
  throw new Error('the mapping compiled');
}

test('the fixtures are many', () => {
  const count = [...validCases, ...invalidCases].reduce((sum, [, cases]) => sum + cases.length, 0);
  expect(count).toBeGreaterThan(200);
});

test('the message of a refusal names each place and what to write', () => {
  const { message } = refusal({ total: { '@pth': '$.a' }, url: [{ '@path': '$.a[' }] });
  expect(message).toContain('total › @pth: unknown directive @pth (did you mean @path?)');
  expect(message).toContain('url › 0 › @path: bad path "$.a["');
});

test('a refusal of many problems stays readable', () => {
  const { message } = refusal(Array.from({ length: 500 }, () => ({ '@nope': 1 })));
  expect(message.split('\n').length).toBeLessThan(30);
  expect(message).toContain('and 480 more');
});

test('a mapping that changes after it was compiled changes nothing', () => {
  const mapping = { a: { '@path': '$.x' }, list: [1, { deep: true }] };
  const resolve = compileMapping(mapping);
  mapping.a['@path'] = '$.y';
  mapping.list.push(2);
  expect(resolve({ x: 'x', y: 'y' })).toStrictEqual({ a: 'x', list: [1, { deep: true }] });
});

test('what is the same for every event is frozen, because all results share it', () => {
  const result = compileMapping({ list: [{ a: 1 }], x: { '@path': '$.x' } })({ x: 1 }) as { list: { a: number }[] };
  expect(() => result.list.push({ a: 2 })).toThrow(TypeError);
});

test('an event that is no object has no members', () => {
  const resolve = compileMapping({
    path: { '@path': '$.length' },
    text: { '@template': 'x{{a}}' },
    all: { '@path': '$.' },
  });
  expect(resolve(undefined)).toStrictEqual({ text: 'x' });
  expect(resolve(7)).toStrictEqual({ text: 'x', all: 7 });
  expect(resolve([1, 2])).toStrictEqual({ path: 2, text: 'x', all: [1, 2] });
});

test('members of a prototype are not read, wherever it comes from', () => {
  const event = Object.create({ inherited: { x: 1 } });
  const mapping = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [`f${index}`, { '@path': `$.other${index}` }]),
  );
  expect(compileMapping({ '@path': '$.inherited' })(event)).toBeUndefined();
  expect(compileMapping({ ...mapping, x: { '@path': '$.inherited.x' } })(event)).toStrictEqual({});
  expect(compileMapping({ '@template': '{{inherited.x}}' })(event)).toBe('');
  expect(compileMapping({ '@liquid': '{{ inherited.x }}' })(event)).toBe('');
});

describe('a member called __proto__', () => {
  const hostile = JSON.parse('{"__proto__":{"admin":true},"o":{"__proto__":{"admin":true}}}');

  test('is a member like any other when it is the own one of a JSON object', () => {
    expect(compileMapping({ '@path': '$.__proto__.admin' })(hostile)).toBe(true);
  });

  test.each([
    ['merge', { '@merge': { direction: 'right', objects: [{ '@path': '$.o' }] } }],
    ['flatten', { '@flatten': { separator: '.', value: { '@path': '$.o' }, omitArrays: true } }],
    ['excludeWhenNull', { '@excludeWhenNull': { '@path': '$.o' } }],
    ['object', JSON.parse('{"__proto__":{"@path":"$.o.__proto__"}}')],
  ])('never becomes a prototype: %s', (_name, mapping) => {
    const result = compileMapping(mapping)(hostile) as Record<string, unknown>;
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(result['admin']).toBeUndefined();
    expect(Object.hasOwn({}, 'admin')).toBe(false);
  });
});

describe('values that are nested very deep', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`);
  const deepArray = JSON.parse(`${'['.repeat(10_000)}1${']'.repeat(10_000)}`);

  test('are flattened to the limit, and taken whole below it', () => {
    const result = compileMapping({ '@flatten': { separator: '.', value: { '@path': '$.a' } } })(deep);
    expect(Object.keys(result as object)).toStrictEqual([Array.from({ length: 100 }, () => 'a').join('.')]);
  });

  test('crash nothing else', () => {
    const mapping = {
      json: { '@json': { mode: 'encode', value: { '@path': '$.o' } } },
      nulls: { '@excludeWhenNull': { '@path': '$.o' } },
      text: { '@template': '{{l}}' },
      liquid: { '@liquid': '{{ l }}{{ o | json }}' },
    };
    const result = compileMapping(mapping)({ o: deep, l: deepArray }) as Record<string, unknown>;
    expect(result['text']).toBe('1');
    expect(result['nulls']).toBeTypeOf('object');
  });
});

describe('values that would be far longer as members', () => {
  test('an object of many members is flattened no further where its name is long', () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`k${index}`, index]));
    const name = 'n'.repeat(1_000);
    const resolve = compileMapping({ '@flatten': { separator: '_', value: { '@path': '$.properties' } } });
    const flat = (properties: unknown) => Object.keys(resolve({ properties }) as object);
    expect(flat({ [name]: many, few: { a: 1 } })).toHaveLength(1_001);
    expect(flat({ [`${name}n`]: many, few: { a: 1 } })).toEqual([`${name}n`, 'few_a']);
    expect(flat({ a: { [name]: many }, few: { a: 1 } })).toEqual([`a_${name}`, 'few_a']);
  });

  test('a list whose items would be given all of a large object stays as it is', () => {
    const large = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index]));
    const shape = { id: { '@path': '$.id' } };
    const resolve = compileMapping({ '@arrayPath': ['$.list', shape, { '@path': '$.large' }] });
    const list = Array.from({ length: 1_001 }, (_, id) => ({ id, more: true }));
    expect(resolve({ list, large })).toBe(list);
    expect(resolve({ list: list.slice(0, 1), large })).toEqual([{ id: 0 }]);
  });

  test.each([
    ['a text', 'x'.repeat(100_000)],
    ['a list', new Array<number>(100_000).fill(1)],
  ])('%s is merged as an object is that is too large for a field', (_, value) => {
    const resolve = compileMapping({ '@merge': { direction: 'right', objects: [{ '@path': '$.properties' }] } });
    expect(Object.keys(resolve({ properties: value }) as object)).toHaveLength(10_001);
  });
});

describe('a @case whose operator does not exist', () => {
  const resolve = compileMapping({ '@case': { operator: 'title', value: { '@path': '$.x' } } });

  test('refuses an event with text there', () => {
    expect(() => resolve({ x: 'text' })).toThrow(expect.objectContaining({ code: 'MAPPING_CASE_OPERATOR' }));
  });

  test('compiles where only a @transform of constants leads to it, and refuses there', () => {
    const mapping = {
      '@transform': { apply: { a: 'text' }, mapping: { '@case': { operator: 'title', value: { '@path': '$.a' } } } },
    };
    const inside = compileMapping(mapping);
    expect(() => inside({})).toThrow(expect.objectContaining({ code: 'MAPPING_CASE_OPERATOR' }));
  });

  test('lets other values pass', () => {
    expect(resolve({ x: 5 })).toBe(5);
  });
});
