import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
let clone: string;
let out: string;

async function git(...parameters: readonly string[]): Promise<string> {
  const author = ['-c', 'user.name=nobody', '-c', 'user.email=nobody@example.com'];
  return (await run('git', [...author, ...parameters], { cwd: clone })).stdout;
}

/** The script in a clone, which may be made unclean. */
async function release(...parameters: readonly string[]) {
  try {
    const { stdout } = await run('bash', ['scripts/release.sh', ...parameters, '--out', out], {
      cwd: clone,
      env: { ...process.env, PATH: `${join(root, 'node_modules/node/bin')}:${process.env['PATH']}` },
      maxBuffer: 32 * 1024 * 1024,
    });
    return { code: 0, printed: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as {
      readonly code: number;
      readonly stdout: string;
      readonly stderr: string;
    };
    return { code, printed: `${stdout}${stderr}` };
  }
}

beforeAll(async () => {
  clone = mkdtempSync(join(tmpdir(), 'release-clone-'));
  out = mkdtempSync(join(tmpdir(), 'release-out-'));
  await run('git', ['clone', '--quiet', '--shared', root, clone]);
  // As the files are now, committed or not.
  const { stdout } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root });
  for (const path of stdout
    .split('\0')
    .filter((name) => /^(?:scripts\/release\.sh|CHANGELOG\.md|\.gitignore)$/.test(name))) {
    writeFileSync(join(clone, path), readFileSync(join(root, path)));
  }
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  writeFileSync(join(clone, '.git/info/exclude'), 'node_modules\n');
  await git('commit', '--quiet', '--all', '--allow-empty', '--message', 'As it is');
});
afterAll(() => {
  for (const folder of [clone, out]) rmSync(folder, { recursive: true, force: true });
});

describe('the release script', () => {
  it('says all at once what is missing, and makes nothing', async () => {
    writeFileSync(join(clone, 'new-file'), '');
    const { code, printed } = await release('99.0.0', '--dry-run');
    expect(code).toBe(1);
    expect(printed).toMatch(/the working tree is not clean/);
    expect(printed).toMatch(/package\.json says 0/);
    expect(printed).toMatch(/CHANGELOG\.md has no section "## \[99\.0\.0\]/);
    expect(readdirSync(out)).toEqual([]);
    rmSync(join(clone, 'new-file'));
  });

  it.each([[], ['1.0'], ['v1.0.0'], ['1.0.0', '2.0.0'], ['1.0.0', '--yes']])(
    'refuses what it does not know: %j',
    async (...parameters) => {
      expect((await release(...parameters)).code).toBe(2);
    },
  );

  it('dry, makes tarball, SBOM and checksums that hold, and no tag', async () => {
    const { version } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8'));
    const changelog = join(clone, 'CHANGELOG.md');
    const text = readFileSync(changelog, 'utf8');
    if (!text.includes(`## [${version}]`)) writeFileSync(changelog, `${text}\n## [${version}] - 2026-11-30\n`);
    await git('commit', '--quiet', '--all', '--allow-empty', '--message', 'Ready');
    const { code, printed } = await release(version, '--dry-run');
    expect(code, printed).toBe(0);
    expect(readdirSync(out).toSorted()).toEqual(['SHA256SUMS', `meta-actions-${version}.tgz`, 'sbom.cdx.json']);
    const sums = readFileSync(join(out, 'SHA256SUMS'), 'utf8').trim().split('\n');
    const held = sums.map((line) => {
      const [sum, name = ''] = line.split(/ [ *]/);
      return (
        sum ===
        createHash('sha256')
          .update(readFileSync(join(out, name)))
          .digest('hex')
      );
    });
    expect(held).toEqual([true, true]);
    const { components } = JSON.parse(readFileSync(join(out, 'sbom.cdx.json'), 'utf8'));
    expect(components.map(({ name }: { readonly name: string }) => name)).toContain('kafkajs');
    expect(await git('tag')).not.toContain(`v${version}`);
  });
});
