import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { own } from '../core/json.ts';

/** The version of this package, from a clone as from an installed package. */
export function packageVersion(): string {
  const path = findPackageJSON('..', import.meta.url);
  const version = path === undefined ? undefined : own(JSON.parse(readFileSync(path, 'utf8')), 'version');
  return typeof version === 'string' ? version : 'unknown';
}
