/**
 * Carries out the recipes of docs/architecture.md on copies of the working tree, and checks each copy: what
 * `npm run check` checks, but in the files that came or changed, and of the tests those that concern what was added. Prints
 * the number of files touched.
 *
 *     node scripts/try-recipes.ts [--full] [TITLE …]
 *
 * `--full` checks all files, and runs all of `npm test`. A copy that fails is kept.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Recipe, recipes } from './recipes.ts';

const root = resolve(import.meta.dirname, '..');

/** Would carry the recipe out on a copy of the copy, where it is carried out already. */
const notTwice = 'test/integration/recipes.test.ts';

export interface Trial {
  readonly title: string;
  readonly goal: number;
  /** Files that a person writes or changes. */
  readonly written: readonly string[];
  /** Files that `npm run generate` makes of them. */
  readonly generated: readonly string[];
}

/** Throws with the output of what failed. */
export function tryRecipe(recipe: Recipe, full = false): Trial {
  const copy = copyOfTree();
  writeFileSync(join(copy, compilerNotes), notesOfTree());
  carryOut(recipe, copy);
  const written = recipe.steps.map(({ path }) => path);
  const before = hashesOf(copy);
  run(copy, 'npm', ['run', '--silent', 'generate']);
  const after = hashesOf(copy);
  const generated = [...after].filter(([path, hash]) => before.get(path) !== hash).map(([path]) => path);
  if (full) checkAll(copy);
  else checkChanged(copy, [...new Set([...written, ...generated])], recipe.tests);
  rmSync(copy, { recursive: true });
  return { title: recipe.title, goal: recipe.goal, written, generated };
}

function checkAll(copy: string): void {
  run(copy, 'npm', ['run', '--silent', 'check:code']);
  run(copy, 'npm', ['test', '--', '--exclude', notTwice]);
}

function checkChanged(copy: string, files: readonly string[], tests: readonly string[]): void {
  run(copy, bin('biome'), ['format', '--no-errors-on-unmatched', ...files]);
  run(copy, bin('biome'), ['lint', '--error-on-warnings', '--no-errors-on-unmatched', ...files]);
  compile(copy);
  run(copy, 'npm', ['run', '--silent', 'dead']);
  run(copy, process.execPath, [join('node_modules', 'vitest', 'vitest.mjs'), 'run', ...tests]);
}

const bin = (name: string) => join('node_modules', '.bin', name);

function compile(copy: string): void {
  run(copy, bin('tsc'), ['-p', 'tsconfig.json', '--incremental', '--tsBuildInfoFile', compilerNotes]);
}

/** By what the compiler notes down of a tree it looks, the next time, only at what has changed. */
const compilerNotes = 'recipe.tsbuildinfo';
let notes: Buffer | undefined;

/** Of the tree as it is. */
function notesOfTree(): Buffer {
  if (notes !== undefined) return notes;
  const copy = copyOfTree();
  compile(copy);
  notes = readFileSync(join(copy, compilerNotes));
  rmSync(copy, { recursive: true });
  return notes;
}

export function carryOut({ steps }: Recipe, copy: string): void {
  for (const { path, edit } of steps) {
    const file = join(copy, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, edit(existsSync(file) ? readFileSync(file, 'utf8') : ''));
  }
}

/** What git knows or would take, and the packages by a link. */
export function copyOfTree(): string {
  const copy = mkdtempSync(join(tmpdir(), 'recipe-'));
  for (const path of filesOf(root)) if (existsSync(join(root, path))) cpSync(join(root, path), join(copy, path));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  execFileSync('git', ['init', '--quiet'], { cwd: copy });
  return copy;
}

function filesOf(folder: string): readonly string[] {
  const options = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  return execFileSync('git', options, { cwd: folder, encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '' && !path.startsWith('node_modules'));
}

function hashesOf(folder: string): ReadonlyMap<string, string> {
  const files = filesOf(folder);
  return new Map(
    files.map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(folder, path)))
        .digest('hex'),
    ]),
  );
}

export function run(cwd: string, program: string, options: readonly string[]): void {
  try {
    execFileSync(program, options, { cwd, encoding: 'utf8', stdio: 'pipe', maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${program} ${options.join(' ')} fails in ${cwd}:\n${stdout ?? ''}${stderr ?? ''}`);
  }
}

export function lineOf({ title, goal, written, generated }: Trial): string {
  const files = `${written.length} files (goal ${goal}): ${written.join(', ')}`;
  return `${title}: ${files}; made by npm run generate: ${generated.length}`;
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({ options: { full: { type: 'boolean' } }, allowPositionals: true });
  const chosen = recipes.filter(({ title }) => positionals.length === 0 || positionals.includes(title));
  for (const recipe of chosen) console.log(lineOf(tryRecipe(recipe, values.full)));
}
