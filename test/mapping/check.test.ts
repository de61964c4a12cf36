import { describe, expect, test } from 'vitest';
import { checkMapping } from '../../src/mapping/compile.ts';
import { invalidCases, validCases } from './fixtures.ts';

const errors = (mapping: unknown) => checkMapping(mapping).filter(({ severity }) => severity === 'error');

describe.each(invalidCases)('%s', (_file, cases) => {
  test.each(cases)('$title', ({ mapping, problems }) => {
    expect(errors(mapping).map(({ code, path }) => ({ code, path }))).toStrictEqual(problems);
  });
});

test.each(validCases.flatMap(([, cases]) => cases))('has no error to report: $title', ({ mapping }) => {
  expect(errors(mapping)).toStrictEqual([]);
});

test('places begin with the base', () => {
  const [problem] = checkMapping({ a: { '@nope': 1 } }, ['subscriptions', 0, 'mapping']);
  expect(problem?.path).toStrictEqual(['subscriptions', 0, 'mapping', 'a', '@nope']);
});

test.each([
  ['@pth', '@path'],
  ['@templat', '@template'],
  ['@arraypath', '@arrayPath'],
  ['@exclude_when_null', '@excludeWhenNull'],
  ['@litteral', '@literal'],
])('a misspelt directive %s is answered with %s', (written, meant) => {
  const [problem] = checkMapping({ [written]: 1 });
  expect(problem).toMatchObject({ atKey: true, fix: `did you mean ${meant}?` });
});

test('a misspelt argument is answered with the right one', () => {
  const [problem] = checkMapping({ '@replace': { value: 'a', pattern: 'b', replacment: 'c' } });
  expect(problem).toMatchObject({ code: 'UNKNOWN_ARGUMENT', atKey: true, fix: 'did you mean "replacement"?' });
});

test('typographic quotes are answered with the corrected path', () => {
  const [problem] = checkMapping({ '@path': '$.properties[“a b”]' });
  expect(problem).toMatchObject({ code: 'BAD_PATH', fix: '$.properties["a b"]' });
});

describe('warnings', () => {
  test.each([
    ['a path with $. in a template', { '@template': '{{$.userId}}' }, 'ODD_PATH', '{{userId}}'],
    ['a bracket that belongs to the name', { '@path': '$.properties[total]' }, 'ODD_PATH', undefined],
    ['a space at the end of a path', { '@path': '$.event ' }, 'ODD_PATH', undefined],
    ['a shape that is no object', { '@arrayPath': ['$.a', 'shape'] }, 'IGNORED_ARGUMENT', undefined],
    [
      'blank beside exists',
      { '@if': { exists: { '@path': '$.a' }, blank: { '@path': '$.a' } } },
      'IGNORED_ARGUMENT',
      undefined,
    ],
    [
      'an unknown operator',
      { '@case': { operator: 'title', value: { '@path': '$.a' } } },
      'UNKNOWN_OPERATOR',
      undefined,
    ],
  ])('%s', (_title, mapping, code, fix) => {
    const problems = checkMapping(mapping);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ severity: 'warning', code, ...(fix === undefined ? {} : { fix }) });
  });
});

describe('mappings without end', () => {
  const nested = (depth: number, open: string, close: string) =>
    JSON.parse(`${open.repeat(depth)}1${close.repeat(depth)}`);

  test.each([
    ['objects', nested(5_000, '{"a":', '}')],
    ['arrays', nested(5_000, '[', ']')],
    ['directives', nested(5_000, '{"@excludeWhenNull":', '}')],
    ['literals', { '@literal': nested(5_000, '{"@literal":', '}') }],
    ['conditions', nested(5_000, '{"@if":{"exists":', '}}')],
    ['shapes', nested(5_000, '{"@arrayPath":["$.a",{"b":', '}]}')],
  ])('nested %s are refused', (_title, mapping) => {
    expect(checkMapping(mapping).map(({ code }) => code)).toContain('MAPPING_TOO_DEEP');
  });

  test('200 levels are allowed', () => {
    expect(checkMapping(nested(200, '[', ']'))).toStrictEqual([]);
  });

  test('a mapping that contains itself is refused', () => {
    const mapping: Record<string, unknown> = {};
    mapping['left'] = mapping;
    mapping['right'] = { '@first': [mapping, mapping] };
    expect(checkMapping(mapping).map(({ code }) => code)).toContain('MAPPING_TOO_LARGE');
  });
});

test.each([[() => 1], [Symbol('s')], [10n]])('what JSON does not have is refused', (value) => {
  expect(checkMapping({ a: value })).toMatchObject([{ code: 'NOT_JSON', path: ['a'] }]);
});
