import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { testFileSchema } from '../../src/cli/test/test-file-schema.ts';
import { destinationSchema } from '../../src/config/destination-schema.ts';
import { sourcesSchema } from '../../src/config/sources-schema.ts';

// The program takes them as they are: to check them at every start would take longer than to check a file.
test.each([
  ['destination files', destinationSchema],
  ['the file of SOURCES', sourcesSchema],
  ['tests of mappings', testFileSchema],
])('the schema of %s is one', (_name, schema) => {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true });
  expect(ajv.validateSchema(schema), JSON.stringify(ajv.errors)).toBe(true);
  expect(ajv.validateSchema({ ...schema, type: 'objekt' })).toBe(false);
});
