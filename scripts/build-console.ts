/** Puts what browsers load, `console/`, beside the compiled sources. */
import { cpSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const target = join(root, 'dist/console');

rmSync(target, { recursive: true, force: true });
cpSync(join(root, 'console'), target, { recursive: true, filter: (path) => basename(path) !== 'tsconfig.json' });
