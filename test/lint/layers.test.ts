import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { layerRules } from '../../scripts/generate-layers.ts';
import { folderOf, graphOfFiles, graphOfParts, readSources } from '../../scripts/imports.ts';
import { layers, rowsOf } from '../../scripts/layers.ts';
import { structureOf } from '../../scripts/structure.ts';

const repository = resolve(import.meta.dirname, '../..');

describe('the table of layers', () => {
  const rows = rowsOf(layers);
  const folders = rows.map((row) => row.folder);
  const sources = readSources(repository);
  const parts = graphOfParts(graphOfFiles(sources));

  test('has a row for each folder of the product, and no other', () => {
    expect(folders.toSorted()).toEqual([...parts.keys()].sort());
  });

  test('has no arrow back: a row names only rows above it', () => {
    const above = (folder: string) => folders.slice(0, folders.indexOf(folder));
    const back = rows.flatMap((row) =>
      row.folders
        .filter((target) => target !== 'examples' && !above(row.folder).includes(target))
        .map((target) => `${row.folder} -> ${target}`),
    );
    expect(back).toEqual([]);
  });

  test('names nothing that is not used', () => {
    const unused = rows.flatMap(({ folder, folders: targets, packages }) => {
      const imports = sources.filter(({ path }) => folderOf(path) === folder).flatMap((source) => source.imports);
      const uses = (target: string) => imports.some((path) => path === target || path.startsWith(`${target}/`));
      const usesFolder = (target: string) => imports.some((path) => folderOf(path) === target);
      return [...targets.filter((target) => !usesFolder(target)), ...packages.filter((name) => !uses(name))]
        .filter((target) => target !== 'src/core')
        .map((target) => `${folder}: ${target}`);
    });
    expect(unused).toEqual([]);
  });

  test('is what biome.layers.json was made from', () => {
    expect(JSON.parse(readFileSync(join(repository, 'biome.layers.json'), 'utf8'))).toEqual(layerRules(layers));
  });

  test('leaves the product without a circle, of files and of parts', () => {
    const { circlesOfFiles, circlesOfParts } = structureOf(sources);
    expect({ circlesOfFiles, circlesOfParts }).toEqual({ circlesOfFiles: [], circlesOfParts: [] });
  });
});

/** A file that imports one other, and whether the layers allow it. */
const planted: readonly (readonly [file: string, imported: string, allowed: boolean])[] = [
  ['src/core/planted-up.ts', '../pipeline/lane/lane.ts', false],
  ['src/core/planted-package.ts', 'ajv', false],
  ['src/trigger/planted.ts', '../core/json.ts', true],
  ['src/trigger/planted-aside.ts', '../mapping/values/path.ts', false],
  ['src/mapping/directives/planted.ts', '../values/path.ts', true],
  ['src/mapping/directives/planted-core.ts', '../../core/json.ts', true],
  ['src/mapping/directives/planted-up.ts', '../compile.ts', false],
  ['src/identity/planted.ts', 'libphonenumber-js/max', true],
  ['src/config/planted.ts', '../trigger/parse.ts', true],
  ['src/config/planted-aside.ts', '../kit/coerce.ts', false],
  ['actions/planted.ts', '../src/kit/conversion/fields/event.ts', true],
  ['actions/planted-aside.ts', '../src/meta/usage.ts', false],
  ['src/pipeline/lane/planted-aside.ts', '../route/router.ts', false],
  ['src/pipeline/lane/planted-up.ts', '../pipeline.ts', false],
  ['src/pipeline/planted.ts', './lane/lane.ts', true],
  ['src/pipeline/planted-node.ts', 'node:fs/promises', true],
  ['src/pipeline/planted-package.ts', 'kafkajs', false],
  ['src/meta/planted.ts', 'undici', true],
  ['src/sandbox/graph/planted-up.ts', '../server.ts', false],
  ['src/planted.ts', './connector/connector.ts', true],
  ['src/planted-up.ts', './cli/run.ts', false],
  ['src/cli/planted-package.ts', 'kafkajs', false],
  ['src/without-row/planted.ts', '../core/json.ts', false],
  ['src/core/without-row/planted.ts', '../json.ts', false],
];

/** More that the linter has to find: the file, the rule, the text. */
const faults: readonly (readonly [file: string, rule: string, text: string])[] = [
  ['src/core/circle-a.ts', 'noImportCycles', "import { b } from './circle-b.ts';\n\nexport const a = () => b;\n"],
  ['src/core/circle-b.ts', 'noImportCycles', "import { a } from './circle-a.ts';\n\nexport const b = () => a;\n"],
  [
    'src/core/types-a.ts',
    'noImportCycles',
    "import type { B } from './types-b.ts';\n\nexport type A = readonly B[];\n",
  ],
  ['src/core/types-b.ts', 'noImportCycles', "import type { A } from './types-a.ts';\n\nexport type B = A | null;\n"],
  [
    'src/core/floating.ts',
    'noFloatingPromises',
    'async function work() {}\n\nexport function start() {\n  work();\n}\n',
  ],
  ['src/core/any.ts', 'noExplicitAny', 'export const a = (value: any) => value;\n'],
];

describe('the linter', () => {
  let folder: string;
  let report: readonly string[];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'layers-'));
    for (const file of ['biome.json', 'biome.layers.json']) copyFileSync(join(repository, file), join(folder, file));
    const plant = (file: string, text: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    };
    for (const [file, imported] of planted) plant(file, `import { a } from '${imported}';\n\nexport const b = a;\n`);
    for (const [file, _rule, text] of faults) plant(file, text);
    report = lint(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const findings = (file: string, rule: string) =>
    report.filter((line) => line.includes(`/${file},`) && line.includes(rule));

  test.each(planted)('%s importing %s: allowed is %s', (file, _imported, allowed) => {
    expect(findings(file, 'noRestrictedImports')).toHaveLength(allowed ? 0 : 1);
  });

  test.each(faults)('finds in %s: %s', (file, rule) => {
    expect(findings(file, rule)).toHaveLength(1);
  });
});

function lint(folder: string): readonly string[] {
  const biome = join(repository, 'node_modules/@biomejs/biome/bin/biome');
  const options = ['lint', '--vcs-enabled=false', '--reporter=github', '--max-diagnostics=none', '.'];
  try {
    return execFileSync(process.execPath, [biome, ...options], { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).split(
      '\n',
    );
  } catch (error) {
    return String((error as { stdout: unknown }).stdout).split('\n');
  }
}
