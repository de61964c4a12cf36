import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { own } from '../core/json.ts';

/** The version of this package, from a clone as from an installed package. */
export function packageVersion(): string {
  const version = own(JSON.parse(readFileSync(packageFile('package.json'), 'utf8')), 'version');
  return typeof version === 'string' ? version : 'unknown';
}

/** A file of this package that isn't compiled, such as `schema/…`, in a clone as in an installed package. */
export function packageFile(path: string): string {
  return join(dirname(findPackageJSON('..', import.meta.url) ?? process.cwd()), path);
}
