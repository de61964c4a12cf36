import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** Writes a file of `schema/`, formatted. */
export function writeSchema(name: string, schema: object): void {
  const path = resolve(root, 'schema', name);
  mkdirSync(resolve(root, 'schema'), { recursive: true });
  writeFileSync(path, `${JSON.stringify(schema, null, 2)}\n`);
  const biome = resolve(root, 'node_modules/@biomejs/biome/bin/biome');
  execFileSync(process.execPath, [biome, 'format', '--write', path], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  console.log(`wrote ${path}`);
}
