import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testFileSchema } from '../../src/cli/test/test-file-schema.ts';
import { destinationSchema } from '../../src/config/destination-schema.ts';
import { sourcesSchema } from '../../src/config/sources-schema.ts';
import { loadBuiltInActions } from '../../src/connector/available-actions.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { schemaCheck } from '../../src/core/schema-check.ts';
import { parsedSchema } from '../../src/kit/field-schema.ts';

const everyAction = await loadBuiltInActions();
/** Those of other conversions have the same fields. */
const actions = ['purchase', 'sync-audience', 'sync-audience-list'].flatMap((key) => everyAction.get(key) ?? []);
const schemas: readonly (readonly [string, JsonObject])[] = [
  ['destination files', destinationSchema],
  ['the file of SOURCES', sourcesSchema],
  ['tests of mappings', testFileSchema],
  ...actions.map(({ key, definition }) => [`the fields of ${key}`, parsedSchema(definition.fields)] as const),
];

describe.each(schemas)('%s', (_name, schema) => {
  const validate = new Ajv({ strict: false, strictNumbers: true, validateSchema: false, meta: false }).compile(schema);
  const check = schemaCheck(schema);

  test('are found right and wrong as by ajv, and wrong at the same place', () => {
    fc.assert(
      fc.property(valueNear(schema), (value) => {
        const fault = check(value);
        expect(fault === undefined).toBe(validate(value));
        if (fault === undefined) return;
        const [error] = validate.errors ?? [];
        // Which of several alternatives comes closest, ajv says and we don't.
        if (error?.schemaPath.includes('/oneOf') === true) return;
        expect(fault.missing).toBe(error?.keyword === 'required' ? error.params['missingProperty'] : undefined);
        expect(pointerOf(fault.path)).toBe(error?.instancePath);
      }),
      { numRuns: 100 },
    );
  });
});

test.each([
  [{ minLength: 2 }, '😀', false],
  [{ maxLength: 1 }, '😀', true],
  [{ type: 'number' }, Number.NaN, false],
  [{ type: 'integer' }, 1e300, true],
  [{ type: ['string', 'number'] }, true, false],
  [{ exclusiveMinimum: 0 }, 0, false],
  [{ properties: { a: { const: 1 } } }, { a: undefined }, true],
  [{ required: ['a'] }, { a: undefined }, false],
  [{ oneOf: [{ minimum: 0 }, { maximum: 5 }] }, 3, false],
  [{ additionalProperties: { type: 'number' }, properties: { a: {} } }, { a: 'x', b: 1 }, true],
  [{ additionalProperties: { type: 'number' } }, { b: 'x' }, false],
  [{ minProperties: 1 }, {}, false],
  [{ pattern: '^\\p{L}$' }, 'ä', true],
])('%j of %j is %s, as it is for ajv', (schema, value, valid) => {
  expect(new Ajv({ strict: false, strictNumbers: true }).compile(schema)(value)).toBe(valid);
  expect(schemaCheck(schema)(value) === undefined).toBe(valid);
});

test('a schema that says more than is checked is refused', () => {
  expect(() => schemaCheck({ type: 'string', format: 'date' })).toThrow(/"format"/);
  expect(() => schemaCheck({ items: { uniqueItems: true } })).toThrow(/"uniqueItems"/);
  expect(() => schemaCheck({ type: 'text' })).toThrow(/"text" is no type/);
  expect(() => schemaCheck({ constructor: 1 })).toThrow(/"constructor"/);
});

function pointerOf(path: readonly string[]): string {
  return path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** What the schema describes, mostly, with members that are missing, wrong, or not in it. */
function valueNear(schema: JsonObject): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 8, arbitrary: valueBy(schema) }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) });
}

function valueBy(schema: JsonObject): fc.Arbitrary<unknown> {
  const { const: only, enum: choices, oneOf, properties, items, type, minimum = 0, maximum = 9, pattern } = schema;
  if (only !== undefined) return fc.constant(only);
  if (choices !== undefined) return fc.constantFrom(...(choices as readonly unknown[]));
  if (oneOf !== undefined) return fc.oneof(...(oneOf as readonly JsonObject[]).map(valueNear));
  switch ([type].flat()[0]) {
    case 'object':
      return objectOf(properties as Readonly<Record<string, JsonObject>> | undefined, schema);
    case 'array':
      return fc.array(items === undefined ? fc.jsonValue({ maxDepth: 1 }) : valueNear(items as JsonObject), {
        maxLength: 4,
      });
    case 'integer':
    case 'number':
      return fc.integer({ min: Number(minimum) - 1, max: Number(maximum) + 1 });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return pattern === undefined
        ? fc.string({ maxLength: 3 })
        : fc.oneof(fc.string(), fc.stringMatching(new RegExp(String(pattern), 'u')));
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}

function objectOf(properties: Readonly<Record<string, JsonObject>> = {}, schema: JsonObject): fc.Arbitrary<unknown> {
  const { required = [], additionalProperties } = schema;
  const members = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, valueNear(each)]));
  const kept = fc.record(members, { requiredKeys: required as never[] });
  const without = fc.record(members, { requiredKeys: [] });
  const more = typeof additionalProperties === 'object' ? valueNear(additionalProperties as JsonObject) : fc.integer();
  const odd = fc.dictionary(fc.constantFrom('other', 'a/b~c'), more, { maxKeys: 1 });
  return fc.oneof(
    { weight: 6, arbitrary: kept },
    without,
    fc.tuple(kept, odd).map(([some, rest]) => ({ ...some, ...rest })),
  );
}
