import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { settings } from '../../src/config/environment.ts';
import { withSystemd } from '../support/needs.ts';
import { program, runProgram } from '../support/program.ts';

const unit = resolve(import.meta.dirname, '../../deploy/systemd/meta-actions@.service');
const text = readFileSync(unit, 'utf8');
const unitValue = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? '';

test('the unit is one that systemd understands, and exposes little', withSystemd, () => {
  const folder = mkdtempSync(join(tmpdir(), 'unit-'));
  const instance = join(folder, 'meta-actions@web-store.service');
  copyFileSync(unit, instance);
  const analyze = (...parameters: string[]) => spawnSync('systemd-analyze', parameters, { encoding: 'utf8' });
  const verified = analyze('verify', '--man=no', instance);
  // 20 of 100 is what systemd calls OK.
  const exposed = analyze('security', '--offline=yes', '--no-pager', '--threshold=20', instance);
  rmSync(folder, { recursive: true });
  // Only that the program isn't installed here may be said.
  const complaints = verified.stderr.split('\n').filter((line) => line !== '' && !line.includes('is not executable'));
  expect(complaints).toEqual([]);
  expect(exposed.status, exposed.stdout).toBe(0);
});

test('the unit lets a stop take its time, does not restart what is wrongly configured, has threads for all workers, and asks for options that there are', async () => {
  expect(Number(unitValue('TimeoutStopSec')) * 1000).toBeGreaterThan(Number(settings.SHUTDOWN_TIMEOUT_MS.fallback));
  // A process of Node has eleven threads, and there may be as many workers as WORKERS takes, and their supervisor.
  expect(() => settings.WORKERS.parse('65')).toThrow('from 1 to 64');
  expect(Number(unitValue('TasksMax'))).toBeGreaterThan((64 + 1) * 11);
  const command = unitValue('ExecStart').replaceAll('%i', 'web-store').split(' ');
  expect(command[1]?.endsWith(program.slice(program.indexOf('/bin/')))).toBe(true);
  // No such file here: the program says so, with the exit code that systemd is told not to restart on.
  const { code, stderr } = await runProgram(command.slice(2));
  expect(stderr).toContain('/etc/meta-actions/web-store.json');
  expect(code).toBe(Number(unitValue('RestartPreventExitStatus')));
  const known = [...Object.keys(settings), 'MALLOC_ARENA_MAX'];
  for (const [, name] of text.matchAll(/\b([A-Z]+(?:_[A-Z]+)+)=/g)) expect(known).toContain(name);
});
