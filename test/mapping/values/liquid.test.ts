import { describe, expect, test } from 'vitest';
import { compileMapping } from '../../../src/mapping/compile.ts';

const refused = expect.objectContaining({ code: 'MAPPING_LIQUID_LIMIT' });
const long = 'a'.repeat(100_000);

describe('an event that makes a template too large is refused', () => {
  test.each([
    ['by replacing', '{{ v | replace: "a", v }}'],
    ['by joining', '{{ v | split: "" | join: v }}'],
    ['by doubling', `{% assign a = v %}${'{% assign a = a | append: a %}'.repeat(10)}{{ a }}`],
    ['by capturing', `${'{% capture v %}{{v}}{{v}}{{v}}{{v}}{% endcapture %}'.repeat(5)}{{ v }}`],
    ['by a range', '{{ (1..n) | join }}'],
    ['by a width', '{{ 1 | date: w }}'],
  ])('%s', (_title, template) => {
    const resolve = compileMapping({ x: { '@liquid': template } });
    expect(() => resolve({ v: long, n: 1_000_000_000, w: '%999999999Y' })).toThrow(refused);
    expect(resolve({ v: 'a', n: 2, w: '%Y' })).toMatchObject({ x: expect.any(String) });
  });
});

test('a template is given its time although the process stood still meanwhile, and not when it takes the time itself', () => {
  const resolve = compileMapping({ '@liquid': '{{ a }}{{ b }}' });
  const memory = new Int32Array(new SharedArrayBuffer(4));
  const standing = {
    get a() {
      Atomics.wait(memory, 0, 0, 550);
      return 'a';
    },
    b: 'b',
  };
  expect(resolve(standing)).toBe('ab');
  const working = {
    get a() {
      const before = process.cpuUsage();
      for (let spent = 0; spent < 550_000; ) {
        const { user, system } = process.cpuUsage(before);
        spent = user + system;
      }
      return 'a';
    },
    b: 'b',
  };
  expect(() => resolve(working)).toThrow(refused);
});

test('a message about a limit holds nothing of the event', () => {
  const resolve = compileMapping({ '@liquid': '{{ v | replace: "a", v }}' });
  expect(() => resolve({ v: `ann@example.com${long}` })).not.toThrow(/ann@/);
});

test('a value that a filter cannot work on gives nothing', () => {
  expect(
    compileMapping({ x: { '@liquid': '{{ o | append: "x" }}' } })({ o: { toString: 1, valueOf: 1 } }),
  ).toStrictEqual({});
});

test('an event is not written to', () => {
  const event = Object.freeze({ a: Object.freeze([3, 1, 2]) });
  const template = '{% assign b = a | push: 4 | sort | reverse %}{% assign a = b %}{{ a | join }}';
  expect(compileMapping({ '@liquid': template })(event)).toBe('4 3 2 1');
  expect(event).toStrictEqual({ a: [3, 1, 2] });
});

test('events that are no objects have no members', () => {
  const resolve = compileMapping({ '@liquid': '[{{ length }}]' });
  expect([resolve('text'), resolve(null), resolve([1])]).toStrictEqual(['[]', '[]', '[]']);
});
