import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runProgram } from '../support/program.ts';

test('an exception that nobody catches ends the process without what it quotes of somebody', async () => {
  const actions = mkdtempSync(join(tmpdir(), 'actions-'));
  writeFileSync(
    join(actions, 'late.js'),
    "queueMicrotask(() => JSON.parse('ann@shop.example'));\nexport default {};\n",
  );
  const { code, stdout, stderr } = await runProgram(['validate', '--actions', actions]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/SyntaxError \(.*\)\n\s+at /);
  expect(stdout + stderr).not.toContain('ann@');
});
