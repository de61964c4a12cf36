import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { testFileSchema } from '../../src/cli/test/test-file-schema.ts';
import { destinationSchema } from '../../src/config/destination-schema.ts';
import { sourcesSchema } from '../../src/config/sources-schema.ts';

test.each(Object.entries({ destinationSchema, sourcesSchema, testFileSchema }))('%s is a sound schema', (_, schema) => {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true });
  expect(ajv.validateSchema(schema), JSON.stringify(ajv.errors)).toBe(true);
});
