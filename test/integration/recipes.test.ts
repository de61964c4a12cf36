import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recipes } from '../../scripts/recipes.ts';
import { carryOut, copyOfTree, lineOf, run, tryRecipe } from '../../scripts/try-recipes.ts';

/** Each starts the compiler, the linter and some tests: minutes on a machine that is busy. */
const timeout = 900_000;

describe('a recipe, carried out on a copy,', () => {
  it.each(recipes.map((recipe) => [recipe.title, recipe] as const))(
    'passes the checks with no more files than its goal: %s',
    (_title, recipe) => {
      const trial = tryRecipe(recipe);
      console.log(lineOf(trial));
      expect(trial.written.length).toBeLessThanOrEqual(recipe.goal);
    },
    timeout,
  );

  it(
    'is found out when a command is added without its line among the commands',
    () => {
      const recipe = recipes.find(({ title }) => title === 'Add a command');
      if (recipe === undefined) throw new Error('there is no recipe for a command');
      const copy = copyOfTree();
      const page = () =>
        run(copy, process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/lint/commands-page.test.ts']);
      expect(page).not.toThrow();
      carryOut(recipe, copy);
      expect(page).toThrow(/has a line and a section of greet/);
      rmSync(copy, { recursive: true });
    },
    timeout,
  );
});
