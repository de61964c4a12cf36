import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const repository = resolve(import.meta.dirname, '../..');

const planted: readonly (readonly [file: string, imported: string, allowed: boolean])[] = [
  ['src/core/planted.ts', '../pipeline/lane.ts', false],
  ['src/core/planted2.ts', 'ajv', false],
  ['src/trigger/planted.ts', '../kafka/source.ts', false],
  ['src/trigger/planted2.ts', '../core/json.ts', true],
  ['src/mapping/directives/planted.ts', '../path.ts', true],
  ['src/mapping/directives/planted2.ts', '../../core/json.ts', true],
  ['src/mapping/directives/planted3.ts', '../../kafka/source.ts', false],
  ['src/pipeline/planted.ts', 'kafkajs', false],
  ['src/pipeline/planted2.ts', 'node:fs/promises', true],
  ['src/pipeline/planted3.ts', '../meta/usage.ts', false],
  ['src/meta/planted.ts', 'undici', true],
  ['src/config/planted.ts', '../trigger/parse.ts', true],
  ['src/config/planted2.ts', '../kit/coerce.ts', false],
  ['actions/planted.ts', '../src/kit/define-action.ts', true],
  ['actions/planted2.ts', '../src/meta/usage.ts', false],
  ['actions/fields/planted.ts', '../../src/core/json.ts', true],
  ['actions/fields/planted2.ts', '../../src/kafka/source.ts', false],
  ['src/planted.ts', './kafka/source.ts', true],
  ['src/planted2.ts', './cli/run.ts', false],
  ['src/cli/planted.ts', '../app.ts', true],
  ['src/cli/planted2.ts', 'kafkajs', false],
];

describe('the linter', () => {
  let folder: string;
  let report: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'layers-'));
    copyFileSync(join(repository, 'biome.json'), join(folder, 'biome.json'));
    const plant = (file: string, text: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    };
    for (const [file, imported] of planted) plant(file, `import { a } from '${imported}';\n\nexport const b = a;\n`);
    plant('src/core/cycle-a.ts', "import { b } from './cycle-b.ts';\n\nexport const a = () => b;\n");
    plant('src/core/cycle-b.ts', "import { a } from './cycle-a.ts';\n\nexport const b = () => a;\n");
    plant('src/core/floating.ts', 'async function work() {}\n\nexport function start() {\n  work();\n}\n');
    plant('src/core/any.ts', 'export const a = (value: any) => value;\n');
    report = lint();
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  function lint(): string {
    const biome = join(repository, 'node_modules/@biomejs/biome/bin/biome');
    const options = ['lint', '--vcs-enabled=false', '--reporter=github', '--max-diagnostics=none', '.'];
    try {
      return execFileSync(process.execPath, [biome, ...options], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      return String((error as { stdout: unknown }).stdout);
    }
  }

  const findings = (file: string, rule: string) =>
    report.split('\n').filter((line) => line.includes(`${file},`) && line.includes(rule));

  test.each(planted)('%s importing %s: allowed is %s', (file, _imported, allowed) => {
    expect(findings(file, 'noRestrictedImports').length).toBe(allowed ? 0 : 1);
  });

  test('catches import cycles, promises that nobody waits for, and any', () => {
    expect(findings('src/core/cycle-a.ts', 'noImportCycles')).toHaveLength(1);
    expect(findings('src/core/floating.ts', 'noFloatingPromises')).toHaveLength(1);
    expect(findings('src/core/any.ts', 'noExplicitAny')).toHaveLength(1);
  });
});
