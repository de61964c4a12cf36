import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runTestFile } from '../../src/cli/test/run-tests.ts';
import { renderProblem } from '../../src/config/problems.ts';
import { loadActions } from '../../src/kit/load-actions.ts';

const page = readFileSync(new URL('../../docs/guides/cookbook.md', import.meta.url), 'utf8');
const actions = await loadActions(fileURLToPath(new URL('../../actions', import.meta.url)));

interface Recipe {
  readonly title: string;
  readonly subscription: object;
  readonly tests: readonly object[];
}

function blocks(text: string, kind: string): readonly object[] {
  const fences = [...text.matchAll(/^```json (\w+)\n([\s\S]*?)^```$/gm)].filter(([, info]) => info === kind);
  return fences.map(([, , body = '']) => JSON.parse(body));
}

const recipes = page
  .split(/^### /m)
  .slice(1)
  .map((part): Recipe => {
    const [subscription = {}] = blocks(part, 'subscription');
    return { title: part.split('\n')[0] ?? '', subscription, tests: blocks(part, 'test') };
  });

describe('a recipe of the cookbook does what it says', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cookbook-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('there are thirty at least, each with a test', () => {
    expect(recipes.length).toBeGreaterThanOrEqual(30);
    expect(recipes.filter(({ tests }) => tests.length === 0)).toEqual([]);
  });

  test.each(recipes.map((recipe) => [recipe.title, recipe] as const))('%s', async (_, { subscription, tests }) => {
    const settings = { pixel_id: '1', ad_account_id: '2', access_token: { $env: 'META_ACCESS_TOKEN' } };
    const destination = { name: 'shop', settings, subscriptions: [subscription] };
    writeFileSync(join(folder, 'shop.json'), JSON.stringify(destination));
    const named = tests.map((each, index) => ({ name: `test ${index + 1}`, ...each }));
    writeFileSync(join(folder, 'shop.test.json'), JSON.stringify({ tests: named }));
    const { results, problems } = await runTestFile(join(folder, 'shop.test.json'), {
      actions,
      update: false,
      filter: undefined,
    });
    expect([...problems, ...results.flatMap((each) => each.problems)].map(renderProblem)).toEqual([]);
    expect(results).toHaveLength(tests.length);
  });
});
