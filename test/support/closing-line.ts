import type { Reporter, TestModule, TestSuite, Vitest } from 'vitest/node';
import { type Need, ways } from './needs.ts';

/** Why a test was not run. */
type Skip = Need | 'failure' | 'name' | 'none';

/** Ends a run with one plain line: how many tests ran, and of those that didn't why, and how to run them. */
export const closingLine: Reporter = reporter();

function reporter(): Reporter {
  let byName = false;
  return {
    onInit(vitest: Vitest) {
      byName = vitest.config.testNamePattern !== undefined;
    },
    onTestRunEnd(modules: readonly TestModule[]) {
      const counts = { passed: 0, failed: 0 };
      const skipped = new Map<Skip, number>();
      for (const module of modules) {
        if (module.state() === 'failed' && module.errors().length > 0) counts.failed += 1;
        for (const test of module.children.allTests()) {
          const { state } = test.result();
          if (state === 'passed' || state === 'failed') counts[state] += 1;
          else if (state === 'skipped') {
            const why = test.meta().needs ?? (isBroken(test.parent) ? 'failure' : byName ? 'name' : 'none');
            skipped.set(why, (skipped.get(why) ?? 0) + 1);
          }
        }
      }
      console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${skippedText(skipped)}`);
    },
  };
}

/** A `beforeAll` failed, so that nothing in there was run. */
function isBroken(place: TestSuite | TestModule): boolean {
  return place.errors().length > 0 || (place.type === 'suite' && isBroken(place.parent));
}

export function skippedText(skipped: ReadonlyMap<Skip, number>): string {
  const total = [...skipped.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return '0 skipped';
  return `${total} skipped: ${[...skipped].map(([why, count]) => `${count} ${reasonText(why)}`).join(', ')}`;
}

function reasonText(why: Skip): string {
  if (why === 'failure') return 'after a failure before them';
  if (why === 'name') return 'of another name';
  return why === 'none' ? 'without a reason' : `for want of ${why} (${ways[why]})`;
}
