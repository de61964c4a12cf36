/**
 * Writes schema/destination.schema.json, by which editors complete and check destination files, from the actions, the
 * directives and the settings. To be run after a change of any of them: `node scripts/generate-schema.ts`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { shippedEditorSchema } from './destination-schema.ts';

const root = resolve(import.meta.dirname, '..');
const path = resolve(root, 'schema/destination.schema.json');
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, `${JSON.stringify(await shippedEditorSchema(), null, 2)}\n`);
const biome = resolve(root, 'node_modules/@biomejs/biome/bin/biome');
execFileSync(process.execPath, [biome, 'format', '--write', path], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
console.log(`wrote ${path}`);
