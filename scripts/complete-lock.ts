/**
 * Completes package-lock.json after `npm install`.
 *
 * npm leaves a platform package out of the lock when the registry in use does not serve it, and `npm ci` then
 * refuses the lock. This adds an entry (version, os, cpu, libc, optional) for every optional platform dependency
 * that the lock does not name yet. Run it after each change of the dependencies: `node scripts/complete-lock.ts`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

interface LockedPackage {
  version?: string;
  integrity?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  engines?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const operatingSystems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];

/** What the registry says of a package, or an empty object when it does not have it. */
function fromRegistry(name: string, version: string): LockedPackage & { 'dist.integrity'?: string } {
  try {
    const fields = ['os', 'cpu', 'libc', 'engines', 'dist.integrity'];
    const text = execFileSync('npm', ['view', `${name}@${version}`, ...fields, '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(String(text) || '{}');
  } catch {
    return {};
  }
}

/** The platform that a name such as `@scope/binding-linux-x64-musl` is for. */
function fromName(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[/-]/);
  const os = operatingSystems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor)).slice(0, 1);
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : [];
  return { ...(os.length > 0 && { os }), ...(cpu.length > 0 && { cpu }), ...(libc.length > 0 && { libc }) };
}

const lock: { packages: Record<string, LockedPackage> } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
let added = 0;
for (const [path, parent] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (`node_modules/${name}` in lock.packages || `${path}/node_modules/${name}` in lock.packages) continue;
    if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${path}: ${name}@${version} is not an exact version`);
    const { 'dist.integrity': integrity, ...known } = fromRegistry(name, version);
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(integrity !== undefined && { integrity }),
      ...fromName(name),
      ...known,
      ...(parent.dev === true && { dev: true }),
      optional: true,
    };
    added += 1;
  }
}
const sorted = Object.keys(lock.packages).sort((a, b) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries(sorted.map((path) => [path, lock.packages[path] ?? {}]));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${added} platform packages added`);
