/** Writes biome.layers.json from the table in layers.ts. `--check` only says whether it is as it should be. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { layers } from './layers.ts';

const root = resolve(import.meta.dirname, '..');
const file = join(root, 'biome.layers.json');

/** Biome's overrides: one that lets a folder without a row import nothing, then one for each row. */
export function layerRules(table: Readonly<Record<string, string>> = layers): object {
  const rows = Object.entries(table).map(([folder, allowed]) => {
    const words = allowed.split(' ').filter((word) => word !== '');
    const core = folder === 'src/core' ? [] : ['src/core'];
    const patterns = [...core, ...words].map((word) => `!${isOurs(word) ? importOf(folder, word) : word}`);
    return override(
      [`${folder}/*.ts`],
      ['**', '!./*', ...patterns, '!node:*', '!node:*/**'],
      `${folder} may import itself, node:*${[...core, ...words].map((word) => `, ${word}`).join('')} (scripts/layers.ts).`,
    );
  });
  const strangers = override(
    ['src/**/*.ts', 'actions/**/*.ts'],
    ['**'],
    'This folder has no row in scripts/layers.ts: add one, then npm run generate.',
  );
  return { $schema: './node_modules/@biomejs/biome/configuration_schema.json', overrides: [strangers, ...rows] };
}

function isOurs(word: string): boolean {
  return /^(src|actions|examples)(\/|$)/.test(word);
}

function importOf(folder: string, target: string): string {
  const path = posix.relative(folder, target);
  const relative = path.startsWith('.') ? path : `./${path}`;
  return target.endsWith('.ts') ? relative : `${relative}/*`;
}

function override(includes: readonly string[], group: readonly string[], message: string): object {
  const options = { patterns: [{ group, message }] };
  return { includes, linter: { rules: { style: { noRestrictedImports: { level: 'error', options } } } } };
}

if (process.argv[1] === import.meta.filename) {
  const text = `${JSON.stringify(layerRules(), null, 2)}\n`;
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text)
    throw new Error('biome.layers.json is not what scripts/layers.ts says: npm run generate');
}
