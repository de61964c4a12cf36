/**
 * Holds the licences of all packages of the lock file against those that we may ship, or build with.
 *
 *   node scripts/licences.ts           exit 1 when one is none of them, or says nothing
 *
 * The licence is the one in the lock file, else the one of the installed package. Packages for other platforms are often in
 * neither: they have the licence of the package that asks for them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

interface Locked {
  readonly license?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** What is shipped with the product: nothing that asks more of its users than to keep a notice. */
const shipped = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
]);
/** What only builds and tests it, besides: its sources aren't changed or passed on. */
const forBuilding = new Set(['MPL-2.0', 'CC-BY-4.0', 'Python-2.0']);

/** A line for each package whose licence is not one of ours. */
export function foreignLicences(
  packages: Readonly<Record<string, Locked>>,
  installed: (path: string) => string | undefined,
): readonly string[] {
  const parents = new Map<string, string>();
  for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
    for (const name of Object.keys(optionalDependencies)) parents.set(name, path);
  }
  const licenceOf = (path: string): string | undefined => {
    const parent = parents.get(path.replace(/^.*node_modules\//, ''));
    return packages[path]?.license ?? installed(path) ?? (parent === undefined ? undefined : licenceOf(parent));
  };
  return Object.entries(packages).flatMap(([path, { dev = false }]) => {
    if (path === '') return [];
    const licence = licenceOf(path);
    return licence !== undefined && isAllowed(licence, dev) ? [] : [`${path}: ${licence ?? 'no licence is known'}`];
  });
}

/** `(MIT OR Apache-2.0)`: one of them will do. Everything else that isn't a single name is for a person to read. */
function isAllowed(licence: string, dev: boolean): boolean {
  const choices = licence.replace(/^\((.*)\)$/, '$1').split(' OR ');
  return choices.some((choice) => shipped.has(choice) || (dev && forBuilding.has(choice)));
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '..');
  const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const { packages } = read('package-lock.json');
  const foreign = foreignLicences(packages, (path) => {
    const manifest = join(path, 'package.json');
    const licence = existsSync(join(root, manifest)) ? read(manifest).license : undefined;
    return typeof licence === 'string' ? licence : undefined;
  });
  for (const line of foreign) console.error(line);
  console.log(`${Object.keys(packages).length - 1} packages, ${foreign.length} with a licence that is none of ours`);
  process.exitCode = foreign.length === 0 ? 0 : 1;
}
