import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let home: string | undefined;

/** A new folder that is gone when this process ends. */
export function scratch(prefix: string): string {
  if (home === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    home = folder;
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
  return mkdtempSync(join(home, `${prefix}-`));
}
