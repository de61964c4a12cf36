import { describe, expect, test } from 'vitest';
import { triggerCandidates } from '../../src/trigger/candidates.ts';
import { compilePredicate } from '../../src/trigger/compile.ts';
import { indexSubscriptions } from '../../src/trigger/subscription-index.ts';
import { parseTree } from './support/parse-tree.ts';
import { randomEvent, randomTree, seededRandom } from './support/random-trigger.ts';

function subscription(text: string) {
  return { text, candidates: triggerCandidates(parseTree(text)) };
}

function textsFor(texts: readonly string[], event: { type?: unknown; event?: unknown }): readonly string[] {
  return indexSubscriptions(texts.map(subscription))(event).map(({ text }) => text);
}

const texts = [
  'type = "track" and event = "A"',
  'type = "page"',
  'contains(event, "A")',
  'type = "track"',
  'event = "A"',
  'type = "track" and event in ["A", "B"]',
];

describe('an index over subscriptions', () => {
  test('gives those that may match, in their order', () => {
    expect(textsFor(texts, { type: 'track', event: 'A' })).toEqual([0, 2, 3, 4, 5].map((index) => texts[index]));
    expect(textsFor(texts, { type: 'track', event: 'B' })).toEqual([2, 3, 5].map((index) => texts[index]));
    expect(textsFor(texts, { type: 'track', event: 'Z' })).toEqual([2, 3].map((index) => texts[index]));
    expect(textsFor(texts, { type: 'page' })).toEqual([1, 2].map((index) => texts[index]));
    expect(textsFor(texts, { type: 'page', event: 'A' })).toEqual([1, 2, 4].map((index) => texts[index]));
  });

  test.each([{}, { type: 'group' }, { type: 7, event: {} }, { type: 'toString', event: '__proto__' }])(
    'gives the unlimited ones for %j',
    (event) => {
      expect(textsFor(texts, event)).toEqual(['contains(event, "A")']);
    },
  );

  test('reads own members of the event only', () => {
    const event = Object.create({ type: 'track', event: 'A' });
    expect(textsFor(texts, event)).toEqual(['contains(event, "A")']);
  });

  test('leaves few of 200 triggers to test', () => {
    const many = Array.from({ length: 200 }, (_, number) => `type = "track" and event = "E${number}"`);
    expect(textsFor(many, { type: 'track', event: 'E17' })).toEqual(['type = "track" and event = "E17"']);
    expect(textsFor(many, { type: 'track', event: 'Other' })).toEqual([]);
  });

  test('gives the same list again, for unknown names too, so that nothing is allocated or kept per event', () => {
    const find = indexSubscriptions(texts.map(subscription));
    expect(find({ type: 'track', event: 'A' })).toBe(find({ type: 'track', event: 'A' }));
    expect(find({ type: 'track', event: 'never seen' })).toBe(find({ type: 'track', event: 'nor this' }));
  });

  test('never hides a subscription whose trigger matches', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = seededRandom(seed);
      const items = Array.from({ length: 20 }, () => {
        const tree = randomTree(random, 3);
        return { candidates: triggerCandidates(tree), matches: compilePredicate(tree) };
      });
      const find = indexSubscriptions(items);
      for (let count = 0; count < 50; count += 1) {
        const event = { ...(randomEvent(random) as object) };
        const routed = find(event).filter(({ matches }) => matches(event));
        expect(routed).toEqual(items.filter(({ matches }) => matches(event)));
      }
    }
  });
});
