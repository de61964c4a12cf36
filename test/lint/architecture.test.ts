import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decisionsPage } from '../../scripts/generate-decisions.ts';
import { recipes } from '../../scripts/recipes.ts';

const repository = resolve(import.meta.dirname, '../..');
const textOf = (path: string) => readFileSync(join(repository, path), 'utf8');
const architecture = textOf('docs/architecture.md');

/** The recipes of the page by title, each with the files that it names, in order. */
const written = new Map(
  (architecture.split('\n## Recipes\n')[1] ?? '')
    .split('\n### ')
    .slice(1)
    .map((section): readonly [string, readonly string[]] => {
      const [title = '', ...lines] = section.split('\n');
      const files = lines.flatMap((line) => /^\d+\. `([^`]+)`/.exec(line)?.[1] ?? []);
      return [title, files];
    }),
);

describe('the recipes of docs/architecture.md', () => {
  test.each(recipes.map((recipe) => [recipe.title, recipe] as const))(
    '%s: names the files of the example',
    (_title, recipe) => {
      expect(written.get(recipe.title)).toEqual(recipe.steps.map(({ path, named = path }) => named));
    },
  );

  test('are there for everything that is added often', () => {
    const titles = ['an action', 'an error code of Meta', 'a mapping directive', 'an identifier'];
    const more = ['a command', 'a source', 'a metric'];
    expect([...written.keys()]).toEqual([...titles, ...more].map((title) => `Add ${title}`));
  });
});

const pages = ['docs/architecture.md', 'CONTRIBUTING.md', 'docs/decisions/README.md'];

describe.each(pages)('%s', (page) => {
  test('names only files and folders that are there', () => {
    const named = [...textOf(page).matchAll(/`((?:src|test|scripts|docs|actions|console)\/[^`\s]*)`/g)];
    const missing = named
      .map(([, path = '']) => path)
      .filter((path) => !/KEY|NAME|\*/.test(path) && !existsSync(join(repository, path)));
    expect(missing).toEqual([]);
  });

  test('links only to what is there', () => {
    const links = [...textOf(page).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(2);
    expect(links.filter((path) => !existsSync(resolve(repository, page, '..', path)))).toEqual([]);
  });
});

test('docs/decisions/README.md lists every decision: run `npm run generate` otherwise', () => {
  const page = textOf('docs/decisions/README.md');
  expect(page).toBe(decisionsPage(page));
});
