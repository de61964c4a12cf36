import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { exportFiles } from '../../support/imported.ts';
import { runHere } from '../../support/program-here.ts';

const folders: string[] = [];

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'meta-actions-import-test-'));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const textsIn = (folder: string) => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));

describe.concurrent('meta-actions import', () => {
  it('writes files that validate and tests that pass, and overwrites nothing', async () => {
    const out = join(temporaryFolder(), 'mappings');
    const given = ['import', 'segment', ...exportFiles('segment', 'git-sync'), '--out', out];
    const { code, stdout } = await runHere(given);
    expect(stdout).toContain('example-shop-conversions.json: 3 subscriptions, 1 of them disabled');
    expect(code).toBe(0);
    expect(readdirSync(out).sort()).toEqual([
      'example-shop-conversions.json',
      'example-shop-conversions.test.json',
      'import-report.md',
    ]);
    const environment = { META_ACCESS_TOKEN: 'a-token' };
    const [validated, tested] = await Promise.all([
      runHere(['validate', '--mappings', out], { environment }),
      runHere(['test', out]),
    ]);
    expect(validated).toMatchObject({ code: 0, stdout: expect.stringContaining('0 errors, 0 warnings') });
    expect(tested).toMatchObject({ code: 0, stdout: expect.stringContaining('3 passed, 0 failed') });
    expect(await runHere(given)).toMatchObject({ code: 2, stderr: expect.stringContaining('is there already') });
  });

  it('says by its exit code that something needs a decision, and writes a secret nowhere', async () => {
    const out = join(temporaryFolder(), 'mappings');
    const files = exportFiles('segment', 'audiences.tf');
    const { code, stdout } = await runHere(['import', 'segment', ...files, '--out', out, '--json']);
    expect(code).toBe(1);
    const report = JSON.parse(stdout) as { summary: { decision: number }; settings: object[] };
    expect(report.summary.decision).toBe(
      report.settings.filter((each) => 'fate' in each && each.fate === 'decision').length,
    );
    for (const text of [stdout, ...textsIn(out)]) expect(text).not.toContain('EAA');
  });

  it('asks for an action by its id, and refuses what cannot be read', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'named.tf');
    writeFileSync(
      file,
      'resource "segment_destination_subscription" "a" {\n  action_id = "abc"\n  name = "Mine"\n  trigger = "type = \\"page\\""\n  settings = jsonencode({})\n}\n',
    );
    const broken = join(folder, 'broken.yaml');
    writeFileSync(broken, 'a: [1\nb: 2');
    const [named, refused, unknown] = await Promise.all([
      runHere(['import', 'segment', file, '--action', 'abc=page-view', '--out', join(folder, 'a')]),
      runHere(['import', 'segment', broken, '--out', join(folder, 'b')]),
      runHere(['import', 'segment', file, '--action', 'abc=pageview', '--out', join(folder, 'c')]),
    ]);
    expect(named.stdout).toContain('settings.pixel_id');
    expect(named.code).toBe(1);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/broken\.yaml:\d+:\d+: it is no YAML/) });
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no action "pageview"') });
  });
});
