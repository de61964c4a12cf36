import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type LoadedDestinations, loadDestinations } from '../../src/config/load.ts';
import { renderProblem } from '../../src/config/problems.ts';
import { loadBuiltInActions } from '../../src/connector/available-actions.ts';

const folder = resolve(import.meta.dirname, '../fixtures/config/broken');

/** Where each fault stands: line, column, code, and what the fix or message must say. */
const faults: Readonly<Record<string, readonly (readonly [number, number, string, RegExp])[]>> = {
  '01-syntax.json': [[3, 33, 'JSON_SYNTAX', /comma expected/]],
  '02-inline-token.json': [[3, 50, 'SECRET_INLINE', /\$env/]],
  '03-unknown-setting.json': [[5, 5, 'CONFIG_UNKNOWN', /did you mean "access_token"/]],
  '04-number-for-id.json': [[3, 29, 'CONFIG_TYPE', /quotes/]],
  '05-unknown-action.json': [[5, 35, 'UNKNOWN_ACTION', /did you mean "purchase"/]],
  '06-trigger.json': [[8, 46, 'TRIGGER_SYNTAX', /write =/]],
  '07-mapping.json': [
    [9, 20, 'UNKNOWN_DIRECTIVE', /@path/],
    [10, 32, 'BAD_PATH', /./],
    [11, 43, 'SEVERAL_DIRECTIVES', /./],
    [12, 9, 'UNKNOWN_FIELD', /did you mean "value"/],
  ],
  '08-missing.json': [
    [3, 15, 'CONFIG_MISSING', /access_token/],
    [4, 21, 'CONFIG_MISSING', /name/],
  ],
  '09-no-trigger.json': [
    [6, 15, 'DUPLICATE_SUBSCRIPTION', /name of its own/],
    [6, 35, 'TRIGGER_MISSING', /trigger/],
  ],
  '10-limits.json': [
    [6, 30, 'CONFIG_VALUE', /1000/],
    [7, 21, 'CONFIG_VALUE', /enforce, warn/],
    [8, 20, 'CONFIG_VALUE', /pattern/],
  ],
};

describe('broken destination files', () => {
  let loaded: LoadedDestinations;

  beforeAll(async () => {
    loaded = loadDestinations(folder, { actions: await loadBuiltInActions(), environment: {} });
  });

  test.each(Object.entries(faults))('%s: every fault is reported at its place with what to do', (name, wanted) => {
    const problems = loaded.problems.filter(({ file }) => file === join(folder, name));
    const places = problems.map(({ line, column, code }) => [line, column, code]);
    expect(places.sort()).toEqual(wanted.map(([line, column, code]) => [line, column, code]).sort());
    for (const [line, column, code, says] of wanted) {
      const problem = problems.find((one) => one.line === line && one.column === column && one.code === code);
      expect(problem?.severity).toBe('error');
      expect(problem?.fix ?? problem?.message, 'what to do').toMatch(/./);
      expect(`${problem?.message} ${problem?.fix}`).toMatch(says);
    }
  });

  test('no destination of a broken file is used', () => {
    expect(loaded.destinations).toEqual([]);
    expect(Object.keys(faults)).toHaveLength(10);
  });

  test('a problem is shown with file, line, column, the line and a caret under the place', () => {
    const problem = loaded.problems.find(({ file }) => file.endsWith('06-trigger.json'));
    if (problem === undefined) expect.fail('no problem');
    const [head, source, caret] = renderProblem(problem).split('\n');
    expect(head).toContain('06-trigger.json:8:46: error:');
    expect(source?.[(caret ?? '').indexOf('^')]).toBe('=');
  });
});
