import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Patch } from './mutants.ts';

const root = resolve(import.meta.dirname, '../..');
const copied = ['actions', 'bin', 'console', 'examples', 'mappings', 'schema', 'src', 'package.json'];

/** A copy of the program with the patches. Throws where one doesn't fit exactly one place. */
export function mutated(patches: readonly Patch[]): { readonly program: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'mutant-'));
  for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const { file, find, put } of patches) {
    const path = join(folder, file);
    const parts = readFileSync(path, 'utf8').split(find);
    if (parts.length !== 2) throw new Error(`${file}: expected once, found ${parts.length - 1} times: ${find}`);
    writeFileSync(path, parts.join(put));
  }
  return {
    program: join(folder, 'bin/meta-actions.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
