import { describe, expect, test } from 'vitest';
import { triggerCandidates } from '../../src/trigger/candidates.ts';
import { compilePredicate } from '../../src/trigger/compile.ts';
import { printTrigger } from '../../src/trigger/print.ts';
import { growth } from '../support/growth.ts';
import { parseTree } from './support/parse-tree.ts';
import { randomEvent, randomTree, seededRandom } from './support/random-trigger.ts';

describe('the candidates of a trigger', () => {
  test.each([
    ['type = "track"', { types: ['track'] }],
    ['"track" = type', { types: ['track'] }],
    ['type = "track" and event = "A"', { types: ['track'], events: ['A'] }],
    ['type = "track" and (event = "A" or event = "B")', { types: ['track'], events: ['A', 'B'] }],
    ['type = "track" and event in ["A", "B"] and event in ["B", "C"]', { types: ['track'], events: ['B'] }],
    ['type = "track" or type = "page"', { types: ['track', 'page'] }],
    ['type = "track" and event = "A" or type = "page"', { types: ['track', 'page'] }],
    ['!(type != "track")', { types: ['track'] }],
    ['!(type != "track" or event != "A")', { types: ['track'], events: ['A'] }],
    ['type = "track" and type = "page"', { types: [], events: [] }],
    ['type = "page" and false or type = "track"', { types: ['track'] }],
    ['match(event, "Order Completed")', { events: ['Order Completed'] }],
    ['match(event, "Order \\*")', { events: ['Order *'] }],
    ['match(event, "Order *")', {}],
    ['event in ["A", null]', {}],
    ['event = null', {}],
    ['event = 42', {}],
    ['event != "A"', {}],
    ['lowercase(event) = "a"', {}],
    ['properties.event = "A"', {}],
    ['type = event', {}],
    ['type', {}],
    ['true', {}],
    ['false', { types: [], events: [] }],
  ])('of %s are %j', (text, expected) => {
    expect(triggerCandidates(parseTree(text))).toEqual(expected);
  });

  test('leave out no event that any trigger matches', () => {
    let limited = 0;
    for (let seed = 1; seed <= 50_000; seed += 1) {
      const random = seededRandom(seed);
      const tree = randomTree(random, 3);
      const { types, events } = triggerCandidates(tree);
      if (types === undefined && events === undefined) continue;
      limited += 1;
      const matches = compilePredicate(tree);
      for (let count = 0; count < 5; count += 1) {
        const event = randomEvent(random) as { type?: string; event?: string } | null;
        if (!matches(event)) continue;
        const isIn = (values: readonly string[] | undefined, value: unknown) => values?.includes(String(value)) ?? true;
        expect([isIn(types, event?.type), isIn(events, event?.event)], printTrigger(tree)).toEqual([true, true]);
      }
    }
    expect(limited).toBeGreaterThan(1_000);
  });

  test('of 3,000 names are found, in no quadratic time', () => {
    const treeOf = (count: number) =>
      parseTree(Array.from({ length: count }, (_, number) => `event = "E${number}"`).join(' or '));
    expect(triggerCandidates(treeOf(3_000)).events).toHaveLength(3_000);
    expect(growth((count) => triggerCandidates(treeOf(count)), 3_000, 30)).toBeLessThan(200);
  });
});
