import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compilePredicate } from '../../src/trigger/compile.ts';
import { lintTrigger } from '../../src/trigger/lint.ts';
import { parseTrigger } from '../../src/trigger/parse.ts';
import { functionNames } from '../../src/trigger/tree.ts';

const page = readFileSync(new URL('../../docs/reference/triggers.md', import.meta.url), 'utf8');

/** The contents of the fenced blocks of one kind. */
function blocksOf(kind: string): readonly string[] {
  return [...page.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].flatMap(([, info, body = '']) =>
    info === kind ? [body] : [],
  );
}

/** The rows of the tables with this header, as pairs of a trigger and what is said of it. */
function rowsOf(header: string): readonly (readonly [string, string])[] {
  const tables = page.split(/\n\n+/).filter((paragraph) => paragraph.startsWith(`${header}\n`));
  return tables.flatMap((table) => {
    const rows = table.trim().split('\n').slice(2);
    return rows.map((row): readonly [string, string] => {
      const [, trigger, said] = /^\| `(.*)` \| (\w+) \|$/.exec(row) ?? [];
      if (trigger === undefined || said === undefined) throw new Error(`not an example: ${row}`);
      return [trigger, said];
    });
  });
}

const event: unknown = JSON.parse(blocksOf('json event')[0] ?? '');
const results = rowsOf('| trigger | result |');

describe('the reference page', () => {
  test.each(results)('is right that %s is %s', (trigger, result) => {
    const parsed = parseTrigger(trigger);
    expect('tree' in parsed ? String(compilePredicate(parsed.tree)(event)) : 'error').toBe(result);
  });

  test.each(rowsOf('| trigger | warning |'))('is right that %s gives the warning %s', (trigger, code) => {
    const parsed = parseTrigger(trigger);
    expect('tree' in parsed && lintTrigger(parsed.tree).map((diagnostic) => diagnostic.code)).toEqual([code]);
  });

  test('shows only triggers that are valid in its blocks', () => {
    const inJson = blocksOf('json').map((block) => JSON.parse(block).trigger);
    for (const trigger of [...blocksOf('trigger'), ...inJson]) expect(parseTrigger(trigger)).toHaveProperty('tree');
    expect(inJson.length).toBeGreaterThan(0);
  });

  test('has an example of every function', () => {
    expect(results.length).toBeGreaterThan(60);
    const examples = results.map(([trigger]) => trigger).join('\n');
    for (const name of functionNames) expect(examples).toContain(`${name}(`);
  });
});
