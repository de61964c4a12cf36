import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { directives } from '../../src/mapping/directives.ts';
import { invalidCases, validCases } from './fixtures.ts';

/** The schema that an editor needs, made of nothing but what `directives` says. */
const schema = {
  $ref: '#/$defs/mapping',
  $defs: {
    mapping: {
      anyOf: [
        { type: ['string', 'number', 'boolean', 'null'] },
        { type: 'array', items: { $ref: '#/$defs/mapping' } },
        {
          type: 'object',
          propertyNames: { not: { pattern: '^@' } },
          additionalProperties: { $ref: '#/$defs/mapping' },
        },
        ...directives.map(({ name, argument }) => ({
          type: 'object',
          properties: { [name]: argument, _metadata: {} },
          required: [name],
          additionalProperties: false,
        })),
      ],
    },
  },
};

const accepts = new Ajv({ allowUnionTypes: true }).compile(schema);

describe('the schema made of the directives', () => {
  const lenient = [
    'an operator that does not exist leaves what is no text',
    'the mode may be in any case',
    'the direction may be in any case',
  ];

  test.each(validCases.flatMap(([, cases]) => cases).filter(({ title }) => !lenient.includes(title)))(
    'accepts: $title',
    ({ mapping }) => {
      expect(accepts(mapping)).toBe(true);
    },
  );

  const structural = invalidCases
    .filter(([file]) => file === 'structure' || file === 'arguments')
    .flatMap(([, cases]) => cases);

  /** What a schema can't say, or says too late to be worth it. */
  const beyond = [
    '@if with a condition that is always empty',
    '@arrayPath of a number',
    '@case that would change constant text in an unknown way',
    '@json of an empty constant',
  ];

  test.each(structural.filter(({ title }) => !beyond.includes(title) && !title.includes('every problem')))(
    'refuses: $title',
    ({ mapping }) => {
      expect(accepts(mapping)).toBe(false);
    },
  );
});

test('every directive has a description for people', () => {
  for (const { name, description } of directives) {
    expect(name).toMatch(/^@[a-z][A-Za-z]+$/);
    expect(description).toMatch(/^[A-Z].{30,}[.]$/);
  }
});
