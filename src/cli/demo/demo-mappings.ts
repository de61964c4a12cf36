import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface DemoMappings {
  /** A file, or a folder of files. */
  readonly path: string;
  remove(): void;
}

/** Those that the accounts at the end of `--once` are made for. */
export function packagedMapping(): DemoMappings {
  return { path: mappingPath('web-store.json'), remove: () => undefined };
}

/** Copies to try changes in: the shop's conversions, and its audiences. */
export function editableMappings(): DemoMappings {
  const folder = mkdtempSync(join(tmpdir(), 'meta-actions-demo-'));
  copyFileSync(mappingPath('web-store.json'), join(folder, 'web-store.json'));
  const audiences = readFileSync(mappingPath('presets/audience-engage.json'), 'utf8');
  writeFileSync(join(folder, 'audiences.json'), audiences.replace('"name": "audience-engage"', '"name": "audiences"'));
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Of the clone, or of the installed package, whose sources are one folder further down. */
function mappingPath(name: string): string {
  return join(dirname(findPackageJSON('..', import.meta.url) ?? process.cwd()), 'mappings', name);
}
