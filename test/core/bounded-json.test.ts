import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundedJson, maxMembersOfObject, maxNames, maxParts } from '../../src/core/bounded-json.ts';
import { least } from '../support/growth.ts';

const members = (count: number, prefix = 'm') =>
  Array.from({ length: count }, (_, n) => `"${prefix}${n}":${n}`).join(',');
const list = (items: readonly string[]) => `[${items.join(',')}]`;
const times = (count: number, item: (n: number) => string) => Array.from({ length: count }, (_, n) => item(n));

function readOf(text: string): { readonly value: unknown; readonly text: string; readonly cut: boolean } {
  const bounded = boundedJson(Buffer.from(text));
  if (bounded.kind !== 'bounded') throw new Error(bounded.kind);
  const rest = bounded.bytes.toString();
  return { value: JSON.parse(rest), text: rest, cut: bounded.cut };
}

const kindOf = (text: string) => boundedJson(Buffer.from(text)).kind;

describe('bounded JSON', () => {
  test.each([
    ['an object as wide as may be', `{"a":{${members(maxMembersOfObject)}}}`],
    ['a list of any length', list(times(maxMembersOfObject * 5, String))],
    ['names that are the same in each item', list(times(50_000, (n) => `{"id":${n},"p":{"a":"x, \\"y\\": {"}}`))],
    ['signs of JSON within texts', JSON.stringify({ '{",': '[{"a":1},{"b\\":2}]', b: '\\' })],
  ])('leaves %s as it is', (_, text) => {
    expect(readOf(text)).toEqual({ value: JSON.parse(text), text, cut: false });
  });

  test('leaves out the members beyond the bound of an object, and nothing behind it', () => {
    const wide = `{"first":1,"wide":{${members(600_000)},"text":"}],{\\"","last":{"in":[{}]}},"behind":[{"x":2}]}`;
    const { value, text, cut } = readOf(wide);
    expect(cut).toBe(true);
    expect(value).toEqual({
      first: 1,
      wide: JSON.parse(`{${members(maxMembersOfObject)}}`) as unknown,
      behind: [{ x: 2 }],
    });
    // What the parser gets to do no longer depends on how much was sent.
    expect(text.length).toBeLessThan(200_000);
  });

  test('does so for each object, at any depth', () => {
    const wide = `{${members(12_000)}}`;
    const { value, cut } = readOf(`[${wide},{"in":[{"side":${wide}}]},7]`);
    const kept: unknown = JSON.parse(`{${members(maxMembersOfObject)}}`);
    expect([value, cut]).toEqual([[kept, { in: [{ side: kept }] }, 7], true]);
  });

  test.each([
    ['one name in each of very many objects', list(times(maxNames + 1, (n) => `{"n${n}":1}`)), 'too_many'],
    ['a hundred names in each object', list(times(500, (n) => `{${members(100, `g${n}_`)}}`)), 'too_many'],
    ['as many names as may be', list(times(maxNames, (n) => `{"n${n}":1}`)), 'bounded'],
    ['more objects than may be', list(times(maxParts / 2 + 1, () => '{}')), 'too_many'],
    ['100,000 people with ten members each', list(times(100_000, (n) => `{"id":${n},${members(10)}}`)), 'bounded'],
    ['deep nesting', '['.repeat(200_000), 'too_deep'],
  ])('judges %s', (_, text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });

  test('finds the end of every text, whatever its length and what is escaped in it', () => {
    const piece = fc.constantFrom('\\', '"', 'é', 'x'.repeat(61), 'x', '{"a":[', '\\"');
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), (texts) => {
        const value = texts.map((one) => ({ [one]: one }));
        expect(readOf(JSON.stringify(value))).toMatchObject({ value, cut: false });
        // A text whose end was missed would hide the wide object behind it.
        expect(readOf(`[${JSON.stringify(value)},{${members(maxMembersOfObject + 1)}}]`).cut).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('takes less time over a long text than to parse it', () => {
    const text = JSON.stringify({ note: 'n'.repeat(8_000_000) });
    const bytes = Buffer.from(text);
    expect(least(() => boundedJson(bytes), 5)).toBeLessThan(least(() => JSON.parse(text), 5));
  });

  test.each([
    ['a wide object that does not end', `{"a":{${members(20_000)}`],
    ['a text that does not end', `{"a":"${'x'.repeat(100)}\\`],
    ['brackets that end nothing', ']}]}'],
  ])('leaves it to the parser to refuse %s', (_, text) => {
    const bounded = boundedJson(Buffer.from(text));
    expect(() => JSON.parse(bounded.kind === 'bounded' ? bounded.bytes.toString() : '{}') as unknown).toThrow();
  });
});
