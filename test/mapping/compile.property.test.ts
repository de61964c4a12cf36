import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkMapping, compileMapping } from '../../src/mapping/compile.ts';

const names = [
  'a',
  'b',
  'c d',
  '0',
  '1',
  'length',
  '__proto__',
  'constructor',
  'toString',
  'valueOf',
  'prototype',
  'size',
];
const name = fc.constantFrom(...names);
const text = fc.constantFrom('', 'Abc', '{{a}}', '{{{b}}}', '{% if a %}', '[1,{"a":null}]', '{bad', 'a-b', '$&', 'İß');

/** Built by JSON.parse, as events are: `__proto__` is an own member there. */
function object(entries: readonly (readonly [string, unknown])[]): unknown {
  return JSON.parse(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`);
}

const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.oneof(text, fc.constantFrom(null, true, false, 0, -1.5, 1e21)),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.array(fc.tuple(name, tie('json')), { maxLength: 4 }).map(object),
  ),
}));

const event = fc.oneof(
  { weight: 9, arbitrary: fc.array(fc.tuple(name, json), { maxLength: 5 }).map(object) },
  { weight: 1, arbitrary: json },
);

const path = fc
  .array(name, { minLength: 1, maxLength: 4 })
  .map((members) => `$${members.map((member) => `['${member}']`).join('')}`);

const template = fc
  .array(
    fc.oneof(
      name.map((each) => `{{ ${each} }}`),
      name.map((each) => `{{{a.${each}}}}`),
      text,
    ),
  )
  .map((parts) => parts.join(''));

const liquid = fc
  .tuple(
    fc.constantFrom('a', 'b', 'constructor', '__proto__', 'a.toString', 'a[0]', 'b.constructor.name'),
    fc.constantFrom(
      '',
      ' | upcase',
      ' | size',
      ' | json',
      ' | map: "constructor"',
      ' | sort',
      ' | join: "-"',
      ' | plus: 1',
      ' | date: "%Y"',
      ' | split: ""',
      ' | where: "a"',
      ' | first',
    ),
  )
  .map(([variable, filter]) => `{{ ${variable}${filter} }}`);

const { mapping } = fc.letrec((tie) => {
  const any = tie('mapping');
  return {
    mapping: fc.oneof(
      { depthSize: 'medium' },
      fc.oneof(text, fc.constantFrom(null, 0, true)),
      path.map((value) => ({ '@path': value })),
      template.map((value) => ({ '@template': value })),
      liquid.map((value) => ({ '@liquid': value })),
      fc.array(fc.tuple(name, any), { maxLength: 3 }).map((entries) => object(entries)),
      fc.array(any, { maxLength: 3 }),
      any.map((value) => ({ '@path': value })),
      any.map((value) => ({ '@template': value })),
      any.map((value) => ({ '@literal': value })),
      any.map((value) => ({ '@excludeWhenNull': value })),
      fc.array(any, { maxLength: 3 }).map((value) => ({ '@first': value })),
      fc.tuple(fc.constantFrom('exists', 'blank'), any, any, any).map(([condition, value, yes, no]) => ({
        '@if': Object.fromEntries([
          [condition, value],
          ['then', yes],
          ['else', no],
        ]),
      })),
      fc
        .tuple(any, any, any)
        .map(([value, one, other]) => ({ '@map': { value, cases: { a: one, constructor: other }, default: other } })),
      fc.tuple(fc.oneof(path, any), any).map((value) => ({ '@arrayPath': value })),
      fc.tuple(fc.constantFrom('lower', 'upper'), any).map(([operator, value]) => ({ '@case': { operator, value } })),
      any.map((value) => ({ '@replace': { value, pattern: 'a', replacement: '$&', pattern2: '.' } })),
      fc.tuple(fc.constantFrom('encode', 'decode'), any).map(([mode, value]) => ({ '@json': { mode, value } })),
      fc.tuple(any, fc.boolean()).map(([value, omitArrays]) => ({ '@flatten': { value, separator: '.', omitArrays } })),
      fc
        .tuple(fc.constantFrom('left', 'right'), fc.array(any, { maxLength: 3 }))
        .map(([direction, objects]) => ({ '@merge': { direction, objects } })),
      fc.tuple(any, any).map(([apply, inner]) => ({ '@transform': { apply, mapping: inner } })),
    ),
  };
});

const isSound = (value: unknown): boolean => checkMapping(value).every(({ severity }) => severity === 'warning');

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const key of Object.keys(value)) deepFreeze((value as Record<string, unknown>)[key]);
  }
  return value;
}

/** Everything in a value, keys apart. */
function* parts(value: unknown): Generator<unknown> {
  yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) yield* parts((value as Record<string, unknown>)[key]);
}

/** What a template needs too much for is refused: an object that says to be very long, or a machine that stood still meanwhile. */
const refused = Symbol('refused');

function outcomeOf(resolve: (event: unknown) => unknown, input: unknown): unknown {
  try {
    return resolve(input);
  } catch (error) {
    expect(error).toMatchObject({ code: 'MAPPING_LIQUID_LIMIT' });
    return refused;
  }
}

test('a mapping that compiles resolves any event: it throws nothing but the refusal of a template, never writes to it, and gives JSON', () => {
  fc.assert(
    fc.property(mapping.filter(isSound), event, (sound, input) => {
      const resolve = compileMapping(deepFreeze(sound));
      const before = JSON.stringify(input);
      const result = outcomeOf(resolve, deepFreeze(input));
      expect(JSON.stringify(input)).toBe(before);
      const again = outcomeOf(resolve, input);
      if (result === refused || again === refused) return;
      expect(JSON.stringify(again)).toBe(JSON.stringify(result));
      for (const part of parts(result)) {
        expect(['string', 'number', 'boolean', 'object', 'undefined']).toContain(typeof part);
        if (typeof part === 'string') expect(part).not.toMatch(/native code|\[object Function\]/);
      }
    }),
    {
      numRuns: 3_000,
      examples: [[{ '@liquid': '{{ a | date: "%Y" }}' }, { a: { length: 1e21 } }]],
    },
  );
});

test('the check finds an error exactly when the mapping does not compile', () => {
  fc.assert(
    fc.property(fc.oneof(mapping, fc.jsonValue(), json), (value) => {
      let compiles = true;
      try {
        compileMapping(value);
      } catch {
        compiles = false;
      }
      expect(isSound(value)).toBe(compiles);
    }),
    { numRuns: 2_000 },
  );
});

test('what a template inserts is inserted as it is', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), template, liquid), fc.oneof(fc.string(), template), (a, b) => {
      const input = { a, b };
      expect(compileMapping({ '@template': '{{a}}' })(input)).toBe(a);
      expect(compileMapping({ '@template': '<{{{a}}}{{b}}>' })(input)).toBe(`<${a}${b}>`);
      expect(compileMapping({ '@liquid': '<{{ a }}{{ b }}>' })(input)).toBe(`<${a}${b}>`);
    }),
    { numRuns: 1_000 },
  );
});

test('what a literal holds comes out as it is', () => {
  fc.assert(
    fc.property(fc.oneof(mapping, json), event, (value, input) => {
      expect(JSON.stringify(compileMapping({ '@literal': value })(input))).toBe(JSON.stringify(value));
    }),
  );
});

test('a chain of merges, objects and literals never gives an object another prototype', () => {
  fc.assert(
    fc.property(mapping.filter(isSound), event, (sound, input) => {
      for (const part of parts(outcomeOf(compileMapping(sound), input))) {
        if (typeof part !== 'object' || part === null) continue;
        expect(Object.getPrototypeOf(part)).toBe(Array.isArray(part) ? Array.prototype : Object.prototype);
      }
    }),
    { numRuns: 1_000 },
  );
});
