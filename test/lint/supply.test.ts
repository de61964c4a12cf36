import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { foreignLicences } from '../../scripts/licences.ts';

const root = resolve(import.meta.dirname, '../..');

describe('licences of packages', () => {
  const found = (packages: Parameters<typeof foreignLicences>[0], installed: Record<string, string> = {}) =>
    foreignLicences(packages, (path) => installed[path]);

  test('that ask for more than a notice are named, and so are packages that say nothing', () => {
    expect(found({ '': {}, 'node_modules/a': { license: 'GPL-3.0-only' }, 'node_modules/b': {} })).toEqual([
      'node_modules/a: GPL-3.0-only',
      'node_modules/b: no licence is known',
    ]);
  });

  test('of a choice need one that is ours; what only builds may be of more kinds', () => {
    expect(found({ 'node_modules/a': { license: '(GPL-2.0 OR MIT)' } })).toEqual([]);
    expect(found({ 'node_modules/a': { license: 'MIT AND GPL-2.0' } })).toHaveLength(1);
    expect(found({ 'node_modules/a': { license: 'MPL-2.0', dev: true } })).toEqual([]);
    expect(found({ 'node_modules/a': { license: 'MPL-2.0' } })).toHaveLength(1);
  });

  test('of packages for other platforms are those of the package that asks for them', () => {
    const a = { license: 'MIT', optionalDependencies: { '@a/linux': '1.0.0' } };
    expect(found({ 'node_modules/a': a, 'node_modules/@a/linux': {} })).toEqual([]);
    expect(found({ 'node_modules/c': {} }, { 'node_modules/c': 'ISC' })).toEqual([]);
  });
});

test.each(['docker', 'crane'])(
  'images get the digests that %s hears of the registry, and are checked for them',
  (tool) => {
    const folder = mkdtempSync(join(tmpdir(), 'images-'));
    for (const file of ['Dockerfile', 'compose.yaml']) copyFileSync(join(root, file), join(folder, file));
    const digest = `sha256:${'0f'.repeat(32)}`;
    const answers = `#!/bin/sh\necho ${digest}\n`;
    writeFileSync(join(folder, 'docker'), tool === 'docker' ? answers : '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    writeFileSync(join(folder, 'crane'), tool === 'crane' ? answers : '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const env = { ...process.env, PIN_IMAGES_IN: folder, PATH: `${folder}:${process.env['PATH']}` };
    const script = join(root, 'scripts/pin-images.sh');
    execFileSync(script, { env });
    execFileSync(script, { env });
    expect(spawnSync(script, ['--check'], { env }).status).toBe(0);
    const text = ['Dockerfile', 'compose.yaml'].map((file) => readFileSync(join(folder, file), 'utf8')).join('');
    expect(text.match(/^FROM node:24-slim@sha256:[0f]{64}( AS \w+)?$/gm)).toHaveLength(3);
    expect(text.match(/^ {4}image: apache\/kafka:[\d.]+@sha256:[0f]{64}$/gm)).toHaveLength(2);
    expect(text.match(/^ {4}image: (prom\/prometheus|grafana\/grafana):v?[\d.]+@sha256:[0f]{64}$/gm)).toHaveLength(2);
    // The one that compose builds.
    expect(text).toMatch(/^ {4}image: meta-actions$/m);
    rmSync(folder, { recursive: true });
  },
);
