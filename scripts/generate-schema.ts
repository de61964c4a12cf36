/**
 * Writes schema/destination.schema.json, by which editors complete and check destination files, from the actions, the
 * directives and the settings, and schema/sources.schema.json for
 * sources.json and schema/test.schema.json for tests of mappings. To be run after a change of any of them: `node scripts/generate-schema.ts`.
 */
import { testFileSchema } from '../src/cli/test/test-file-schema.ts';
import { sourcesSchema } from '../src/config/sources-schema.ts';
import { shippedEditorSchema } from './destination-schema.ts';
import { writeSchema } from './write-schema.ts';

const sources = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Sources of meta-actions',
  description: 'How the records of topics are read.',
  ...sourcesSchema,
};
writeSchema('destination.schema.json', await shippedEditorSchema());
writeSchema('sources.schema.json', sources);
writeSchema('test.schema.json', {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Tests of mappings of meta-actions',
  ...testFileSchema,
});
