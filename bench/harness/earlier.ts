import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { scratch } from './scratch.ts';

const root = resolve(import.meta.dirname, '../..');
const published = 'docs/performance/results.json';

/** The product of an earlier commit, ready to run. */
export interface Earlier {
  readonly folder: string;
  /** Short name and title of the commit. */
  readonly name: string;
}

/**
 * By default the commit that published the figures of docs/performance.md last: what has become slower since then, be it
 * a little with each change, is slower than this page says.
 */
export function earlierProduct(commit?: string): Earlier {
  const base = commit ?? publishing();
  const folder = scratch('earlier');
  const archive = git('archive', '--format=tar', base);
  execFileSync('tar', ['-xf', '-', '-C', folder], { input: archive });
  const lock = (where: string) => readFileSync(join(where, 'package-lock.json'), 'utf8');
  if (lock(folder) === lock(root)) symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  else execFileSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'ignore' });
  return { folder, name: git('log', '-1', '--format=%h %s', base).toString().trim() };
}

function publishing(): string {
  if (git('rev-parse', '--is-shallow-repository').toString().trim() === 'true') {
    throw new Error('this clone has no history to compare with: git fetch --unshallow');
  }
  return git('log', '-1', '--format=%H', '--', published).toString().trim();
}

function git(...parameters: readonly string[]): Buffer {
  return execFileSync('git', parameters, { cwd: root, maxBuffer: 1024 ** 3 });
}
