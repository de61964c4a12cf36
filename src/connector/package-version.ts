import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { own } from '../core/json.ts';

/** The version of the product, as its package says. */
export function packageVersion(): string {
  const path = findPackageJSON('..', import.meta.url);
  if (path === undefined) return 'unknown';
  return String(own(JSON.parse(readFileSync(path, 'utf8')), 'version') ?? 'unknown');
}
