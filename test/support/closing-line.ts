import type { Reporter, TestModule, Vitest } from 'vitest/node';
import { type Need, ways } from './needs.ts';

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
      const skipped = new Map<Need | undefined, number>();
      for (const module of modules) {
        if (module.state() === 'failed' && module.errors().length > 0) counts.failed += 1;
        for (const test of module.children.allTests()) {
          const { state } = test.result();
          if (state === 'passed' || state === 'failed') counts[state] += 1;
          else if (state === 'skipped') {
            const { needs } = test.meta();
            skipped.set(needs, (skipped.get(needs) ?? 0) + 1);
          }
        }
      }
      console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${skippedText(skipped, byName)}`);
    },
  };
}

export function skippedText(skipped: ReadonlyMap<Need | undefined, number>, byName: boolean): string {
  const total = [...skipped.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return '0 skipped';
  const reasons = [...skipped].map(([needs, count]) => {
    if (needs !== undefined) return `${count} for want of ${needs} (${ways[needs]})`;
    return byName ? `${count} of another name` : `${count} without a reason`;
  });
  return `${total} skipped: ${reasons.join(', ')}`;
}
