import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFile } from '../../config/build-info.ts';

export interface DemoMappings {
  /** A file, or a folder of files. */
  readonly path: string;
  remove(): void;
}

/** Those that the accounts at the end of `--once` are made for. */
export function packagedMapping(): DemoMappings {
  return { path: packageFile('mappings/web-store.json'), remove: () => undefined };
}

/** Copies to try changes in: the shop's conversions, and its audiences. */
export function editableMappings(): DemoMappings {
  const folder = mkdtempSync(join(tmpdir(), 'meta-actions-demo-'));
  copyFileSync(packageFile('mappings/web-store.json'), join(folder, 'web-store.json'));
  const audiences = readFileSync(packageFile('mappings/presets/audience-engage.json'), 'utf8');
  writeFileSync(join(folder, 'audiences.json'), audiences.replace('"name": "audience-engage"', '"name": "audiences"'));
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
