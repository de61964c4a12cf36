import { describe, expect, it } from 'vitest';
import { jsonLines } from '../../console/parts/json-lines.ts';

function textOf(value: unknown): string {
  const lines = jsonLines(value).lines.map(
    ({ indent, name, text, comma }) =>
      `${'  '.repeat(indent)}${name === undefined ? '' : `${name}: `}${text}${comma ? ',' : ''}`,
  );
  return lines.join('\n');
}

describe('JSON in lines', () => {
  const event = { type: 'track', 'a "b"': { none: [], list: [1, { sku: null }, 'x'] }, last: {} };

  it('reads as the same JSON that it was made of', () => {
    expect(textOf(event)).toBe(JSON.stringify(event, null, 2));
  });

  it('says of each line which path it shows', () => {
    const paths = jsonLines(event).lines.map(({ path }) => path);
    expect(paths).toContain('a "b".list.1.sku');
    expect(paths[0]).toBe('');
  });

  it('ends after its limit, however large the value is', () => {
    const { lines, cut } = jsonLines(
      Array.from({ length: 100_000 }, (_item, index) => index),
      50,
    );
    expect([lines.length, cut]).toEqual([50, true]);
  });
});
