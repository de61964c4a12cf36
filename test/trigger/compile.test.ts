import { describe, expect, test } from 'vitest';
import { compilePredicate, compileValue } from '../../src/trigger/compile.ts';
import { printTrigger } from '../../src/trigger/print.ts';
import { interpret } from './support/naive-interpreter.ts';
import { parseTree } from './support/parse-tree.ts';
import { randomEvent, randomTree, seededRandom } from './support/random-trigger.ts';

const matches = (text: string, event: unknown): boolean => compilePredicate(parseTree(text))(event);

describe('a compiled trigger', () => {
  test('agrees with a naive interpreter on 100,000 random trees and events', () => {
    let met = 0;
    for (let seed = 1; seed <= 100_000; seed += 1) {
      const random = seededRandom(seed);
      const tree = randomTree(random, 1 + (seed % 4));
      const event = randomEvent(random);
      const expected = interpret(tree, event) === true;
      const actual = compilePredicate(tree)(event);
      if (actual !== expected) {
        throw new Error(`seed ${seed}: ${printTrigger(tree)} on ${JSON.stringify(event)} gave ${actual}`);
      }
      if (actual) met += 1;
    }
    // Otherwise the agreement would say little.
    expect(met).toBeGreaterThan(10_000);
    expect(met).toBeLessThan(90_000);
  });

  test('gives the value of any node as the naive interpreter does', () => {
    for (let seed = 1; seed <= 5_000; seed += 1) {
      const random = seededRandom(seed);
      const tree = randomTree(random, 3);
      const event = randomEvent(random);
      expect(JSON.stringify(compileValue(tree)(event)), printTrigger(tree)).toBe(
        JSON.stringify(interpret(tree, event)),
      );
    }
  });

  test('reads own members only', () => {
    const inherited = Object.create({ type: 'track', properties: { total: 1 } });
    expect(matches('type = "track"', inherited)).toBe(false);
    expect(matches('properties.total = 1', inherited)).toBe(false);
    expect(matches('properties.nested.total = null', { properties: { nested: Object.create({ total: 1 }) } })).toBe(
      true,
    );
    expect(matches('type = "track"', Object.assign(Object.create(null), { type: 'track' }))).toBe(true);
    expect(matches('properties.__proto__.polluted = null', JSON.parse('{"properties": {}}'))).toBe(true);
    expect(matches('properties.__proto__ = 5', JSON.parse('{"properties": {"__proto__": 5}}'))).toBe(true);
  });

  test.each([undefined, null, 'track', 7, true, ['track']])('takes %j for an event without fields', (event) => {
    expect(matches('type = null and length = null and \\0 = null', event)).toBe(true);
  });

  test('takes undefined for null', () => {
    expect(matches('properties.a = null and a = null', { properties: { a: undefined }, a: undefined })).toBe(true);
  });

  test('compares lists nested 100,000 deep without overflowing the stack', () => {
    const deep = (): unknown => JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    expect(matches('a = b', { a: deep(), b: deep() })).toBe(true);
    expect(matches('a = b', { a: deep(), b: [deep()] })).toBe(false);
  });

  test('takes a written pattern of any length, and none of more than 1,024 characters from an event', () => {
    const long = 'x'.repeat(1_025);
    expect(matches(`match(event, "${long}")`, { event: long })).toBe(true);
    expect(matches('match(event, pattern)', { event: long, pattern: long })).toBe(false);
    expect(matches('match(event, pattern)', { event: long.slice(1), pattern: long.slice(1) })).toBe(true);
  });

  test('evaluates a trigger at the limit of nesting', () => {
    expect(matches(`${'!'.repeat(200)}flag`, { flag: true })).toBe(true);
    expect(matches(`${'(flag and '.repeat(200)}flag${')'.repeat(200)}`, { flag: true })).toBe(true);
  });
});
