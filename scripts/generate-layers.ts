/** Writes biome.layers.json from the table in layers.ts. `--check` only says whether it is as it should be. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { layers, type Row, rowsOf } from './layers.ts';

const root = resolve(import.meta.dirname, '..');
const file = join(root, 'biome.layers.json');

/** Biome's overrides: one that lets a folder without a row import nothing, then one for each row. */
export function layerRules(table: Readonly<Record<string, string>>): object {
  const strangers = override(
    ['src/**/*.ts', 'actions/**/*.ts'],
    ['**'],
    'This folder has no row in scripts/layers.ts: add one, then npm run generate.',
  );
  const overrides = [strangers, ...rowsOf(table).map(ruleOf)];
  return { $schema: './node_modules/@biomejs/biome/configuration_schema.json', overrides };
}

function ruleOf({ folder, folders, packages }: Row): object {
  const ours = folders.map((target) => `!${importOf(folder, target)}`);
  const theirs = [...packages, 'node:*'].flatMap((name) => [`!${name}`, `!${name}/**`]);
  const allowed = [...folders, ...packages, 'node:*'].join(', ');
  const message = `${folder} may import itself, ${allowed} (scripts/layers.ts).`;
  return override([`${folder}/*.ts`], ['**', '!./*', ...ours, ...theirs], message);
}

function importOf(folder: string, target: string): string {
  const path = posix.relative(folder, target);
  return `${path.startsWith('.') ? path : `./${path}`}/*`;
}

function override(includes: readonly string[], group: readonly string[], message: string): object {
  const options = { patterns: [{ group, message }] };
  return { includes, linter: { rules: { style: { noRestrictedImports: { level: 'error', options } } } } };
}

if (process.argv[1] === import.meta.filename) {
  const text = `${JSON.stringify(layerRules(layers), null, 2)}\n`;
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text)
    throw new Error('biome.layers.json is not what scripts/layers.ts says: npm run generate');
}
