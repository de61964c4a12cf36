import { describe, expect, test } from 'vitest';
import { compilePredicate } from '../../src/trigger/compile.ts';
import { relate } from '../../src/trigger/relation.ts';
import { parseTree } from './support/parse-tree.ts';
import { randomEvent, randomTree, seededRandom } from './support/random-trigger.ts';

const orders = 'type = "track" and event = "Order Completed"';

function relation(first: string, second: string) {
  return relate(parseTree(first), parseTree(second));
}

describe('the relation of two triggers', () => {
  test.each([
    [orders, orders],
    [orders, 'event = "Order Completed" and type = "track"'],
    ['event in ["A", "B"]', 'event = "B" or event = "A"'],
    ['contains(event, "Order")', 'not (!contains(event, "Order"))'],
  ])('%s and %s match the same events', (first, second) => {
    expect(relation(first, second)).toBe('same');
  });

  test.each([
    [`${orders} and properties.total > 100`, orders],
    [orders, 'type = "track"'],
    ['properties.total > 100', 'properties.total > 50'],
    ['event = "A"', 'event in ["A", "B"]'],
  ])('%s is within %s', (first, second) => {
    expect(relation(first, second)).toBe('within');
    expect(relation(second, first)).toBe('around');
  });

  test.each([
    [`${orders} and properties.gift`, `${orders} and properties.total > 100`],
    ['type = "track" and context.os.name = "iOS"', 'type = "track" and "sale" in properties.tags'],
    ['contains(event, "Order")', 'match(event, "Order")'],
  ])('an event meets both %s and %s', (first, second) => {
    expect(['overlap', 'around', 'within']).toContain(relation(first, second));
  });

  test.each([
    ['type = "track" and event = "A"', 'type = "track" and event = "B"'],
    ['type = "page"', 'type = "track"'],
    ['properties.total > 100', 'properties.total < 50'],
    ['contains(event, "ab")', '!contains(event, "a")'],
    ['match(event, "a*b")', 'match(event, "*c")'],
    ['type = "track" and type = "page"', 'type = "track"'],
    ['type = "no such type" and properties.a', 'type = "no such type" and properties.b'],
  ])('nothing is certain of %s and %s', (first, second) => {
    expect(relation(first, second)).toBe('unknown');
  });

  test('what is said of random triggers holds for random events', () => {
    const random = seededRandom(7);
    const said = new Map<string, number>();
    for (let round = 0; round < 1_500; round += 1) {
      const [first, second] = [randomTree(random), randomTree(random)];
      const relation = relate(first, second);
      said.set(relation, (said.get(relation) ?? 0) + 1);
      if (relation === 'unknown' || relation === 'overlap') continue;
      const [one, other] = [compilePredicate(first), compilePredicate(second)];
      for (let count = 0; count < 30; count += 1) {
        const event = randomEvent(random);
        if (relation !== 'around' && one(event)) expect(other(event)).toBe(true);
        if (relation !== 'within' && other(event)) expect(one(event)).toBe(true);
      }
    }
    expect(said.get('within') ?? 0).toBeGreaterThan(10);
    expect(said.get('overlap') ?? 0).toBeGreaterThan(10);
  });
});
