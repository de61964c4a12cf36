/** Bundles `console/`, what browsers load, into `dist/console/`: `node scripts/build-console.ts`. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { argv } from 'node:process';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'console');
/** Not bundled: served as they are. */
const asTheyAre = ['status.html', 'sandbox.html', 'icon.svg'];

/** What the editor brings is in files of its own, which the pages load when it is opened. */
export async function buildConsole(target: string): Promise<void> {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const { metafile } = await build({
    entryPoints: {
      status: join(source, 'app/main.tsx'),
      sandbox: join(source, 'sandbox/main.tsx'),
      console: join(source, 'style/console.css'),
    },
    outdir: target,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    metafile: true,
    chunkNames: '[name]-[hash]',
    legalComments: 'none',
    logLevel: 'warning',
    absWorkingDir: root,
  });
  for (const name of asTheyAre) cpSync(join(source, name), join(target, name));
  writeFileSync(join(target, 'licenses.txt'), licensesOf(Object.keys(metafile.inputs)));
}

/** The licences of the packages whose code is in the bundle, each once. */
function licensesOf(inputs: readonly string[]): string {
  const packages = new Set(inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? ''));
  packages.delete('');
  const texts = [...packages].sort().map((name) => {
    const folder = join(root, 'node_modules', name);
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    if (file === undefined) throw new Error(`${name} has no licence to go with its code`);
    return `${name}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  return texts.join(`\n${'-'.repeat(60)}\n\n`);
}

if (argv[1] === import.meta.filename) await buildConsole(join(dirname(source), 'dist/console'));
