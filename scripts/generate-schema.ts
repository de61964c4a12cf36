/**
 * Writes schema/destination.schema.json, by which editors complete and check destination files, from the actions, the
 * directives and the settings, and schema/sources.schema.json for
 * sources.json and schema/test.schema.json for tests of mappings. To be run after a change of any of them: `node scripts/generate-schema.ts`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { testFileSchema } from '../src/cli/test/test-file-schema.ts';
import { sourcesSchema } from '../src/config/sources-schema.ts';
import { shippedEditorSchema } from './destination-schema.ts';

const root = resolve(import.meta.dirname, '..');
const folder = resolve(root, 'schema');
mkdirSync(folder, { recursive: true });
const sources = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Sources of meta-actions',
  description: 'How the records of topics are read.',
  ...sourcesSchema,
};
write('destination.schema.json', await shippedEditorSchema());
write('sources.schema.json', sources);
write('test.schema.json', {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Tests of mappings of meta-actions',
  ...testFileSchema,
});

function write(name: string, schema: object): void {
  const path = resolve(folder, name);
  writeFileSync(path, `${JSON.stringify(schema, null, 2)}\n`);
  const biome = resolve(root, 'node_modules/@biomejs/biome/bin/biome');
  execFileSync(process.execPath, [biome, 'format', '--write', path], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  console.log(`wrote ${path}`);
}
