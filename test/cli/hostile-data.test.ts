import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { purchaseMappings } from '../support/connector-process.ts';
import { runHere } from '../support/program-here.ts';

const escapes = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e';

/** All that a terminal would get; every one of the characters that it would obey is an offence. */
function obeyedIn(text: string): readonly string[] {
  return [...text].filter((character) => /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(character) && character !== '\n');
}

test('validate shows escapes of a file instead of obeying them, and of a token in it nothing', async () => {
  const token = `EAAB${'Qz4p'.repeat(30)}`;
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  const text = JSON.stringify({ name: 'a', settings: { pixel_id: '1', access_token: token }, subscriptions: [] });
  writeFileSync(join(folder, 'a.json'), text);
  writeFileSync(join(folder, 'b.json'), text.replace('"name":"a"', `"${escapes}":"a" "name"`));
  for (const more of [[], ['--json']]) {
    const { code, stdout, stderr } = await runHere(['validate', '--mappings', folder, ...more]);
    expect(code).toBe(2);
    expect(stdout).toContain('SECRET_INLINE');
    expect(stdout).toContain('JSON_SYNTAX');
    expect(obeyedIn(stdout + stderr)).toEqual([]);
    expect(stdout + stderr).not.toContain('Qz4p');
  }
});

test('explain shows escapes of an event instead of obeying them, and its JSON keeps their value', async () => {
  const event = { type: 'track', event: `Order ${escapes}`, messageId: `m-${escapes}`, userId: 'u' };
  const input = `${JSON.stringify(event)}\n`;
  const mappings = purchaseMappings();
  const text = await runHere(['explain', '--mappings', mappings, '-'], { input });
  expect(text.stdout).toContain('\\u202e');
  expect(obeyedIn(text.stdout + text.stderr)).toEqual([]);
  const { stdout } = await runHere(['explain', '--mappings', mappings, '--json', '-'], { input });
  expect(obeyedIn(stdout)).toEqual([]);
  expect(JSON.stringify(JSON.parse(stdout.split('\n')[0] ?? ''))).toContain('\u202e');
});
