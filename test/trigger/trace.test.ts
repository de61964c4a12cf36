import { describe, expect, test } from 'vitest';
import { compilePredicate } from '../../src/trigger/compile.ts';
import { printTrigger } from '../../src/trigger/print.ts';
import { hiddenValue, type Show, traceTrigger } from '../../src/trigger/trace.ts';
import { parseTree } from './support/parse-tree.ts';
import { randomEvent, randomTree, seededRandom } from './support/random-trigger.ts';

describe('the trace of a trigger', () => {
  test('shows for each comparison the values it saw', () => {
    const tree = parseTree('type = "track" and (properties.total > 100 or "a" in properties.tags)');
    const event = { type: 'track', properties: { total: '129.5' } };
    expect(traceTrigger(tree, event)).toEqual({
      kind: 'and',
      text: 'and',
      matched: false,
      value: false,
      parts: [
        { kind: 'compare', text: 'type = "track"', matched: true, value: true, operator: '=', saw: ['track', 'track'] },
        {
          kind: 'or',
          text: 'or',
          matched: false,
          value: false,
          parts: [
            {
              kind: 'compare',
              text: 'properties.total > 100',
              matched: false,
              value: false,
              operator: '>',
              saw: ['129.5', 100],
            },
            {
              kind: 'compare',
              text: '"a" in properties.tags',
              matched: false,
              value: false,
              operator: 'in',
              saw: ['a', null],
            },
          ],
        },
      ],
    });
  });

  test('shows what a function saw and gave', () => {
    expect(traceTrigger(parseTree('length(lowercase(event)) > 3'), { event: 'ORDER' })).toMatchObject({
      matched: true,
      saw: [5, 3],
      parts: [{ kind: 'call', value: 5, saw: ['order'], parts: [{ kind: 'call', value: 'order', saw: ['ORDER'] }] }],
    });
  });

  test('evaluates the parts after the one that decides', () => {
    const { parts } = traceTrigger(parseTree('a = 1 and b = 2'), { b: 2 });
    expect(parts?.map(({ matched }) => matched)).toEqual([false, true]);
  });

  test('comes out as the compiled trigger does, and is JSON', () => {
    for (let seed = 1; seed <= 5_000; seed += 1) {
      const random = seededRandom(seed);
      const tree = randomTree(random, 3);
      const event = randomEvent(random);
      const trace = traceTrigger(tree, event);
      expect(trace.matched, printTrigger(tree)).toBe(compilePredicate(tree)(event));
      expect(() => JSON.stringify(trace)).not.toThrow();
    }
  });

  test('keeps back what it is told to, also where it was made of it, and still comes out the same', () => {
    const tree = parseTree('lowercase(traits.email) = "ann@example.com" and length(traits.email) > 3 and traits.vip');
    const event = { traits: { email: 'Ann@Example.com', vip: true } };
    const show: Show = (keys, value) => (keys[1] === 'email' ? hiddenValue : value);
    const trace = traceTrigger(tree, event, show);
    expect(trace.matched).toBe(true);
    expect(trace.parts?.map(({ saw }) => saw)).toEqual([[hiddenValue, 'ann@example.com'], [15, 3], undefined]);
    expect(trace.parts?.[0]?.parts?.[0]).toMatchObject({ saw: [hiddenValue], value: hiddenValue });
    expect(trace.parts?.[2]?.value).toBe(true);
    expect(JSON.stringify(trace)).not.toContain('Ann');
  });
});
