import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxMapBytes, parseDoneMap } from '../../src/pipeline/done-map.ts';
import { progress } from '../../src/pipeline/progress.ts';

const parts = ['shop/Orders', 'shop/Carts', 'other/Orders'];

describe('the map of what is done above the watermark', () => {
  test('rule 3: never calls done what is not, and is complete when little is open', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.record({ has: fc.boolean(), ends: fc.boolean() }), { minLength: 3, maxLength: 3 }), {
          minLength: 1,
          maxLength: 200,
        }),
        (records) => {
          const before = progress(new Map());
          const done = new Set<string>();
          const open = new Set<string>();
          records.forEach((row, offset) => {
            for (const [at, { has }] of row.entries()) if (has) before.begin(parts[at] ?? '', offset + 10);
          });
          records.forEach((row, offset) => {
            for (const [at, { has, ends }] of row.entries()) {
              if (!has) continue;
              (ends ? done : open).add(`${parts[at]}@${offset + 10}`);
              if (ends) before.end(parts[at] ?? '', offset + 10);
            }
          });
          const text = before.print(10, records.length + 10);
          const after = progress(parseDoneMap(text, 10));
          for (const one of open) {
            const [part = '', offset] = one.split('@');
            expect(after.isDone(part, Number(offset))).toBe(false);
          }
          for (const one of done) {
            const [part = '', offset] = one.split('@');
            expect(after.isDone(part, Number(offset))).toBe(true);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('rule 3: outlives a second restart that has read only a part again', () => {
    const first = progress(new Map());
    for (let offset = 0; offset < 100; offset++) {
      first.begin('shop/A', offset);
      first.begin('other/B', offset);
      if (offset !== 50) first.end('other/B', offset);
    }
    const second = progress(parseDoneMap(first.print(0, 100), 0));
    for (let offset = 0; offset < 20; offset++) {
      expect(second.isDone('shop/A', offset)).toBe(false);
      expect(second.isDone('other/B', offset)).toBe(true);
      second.begin('shop/A', offset);
    }
    const third = progress(parseDoneMap(second.print(0, 20), 0));
    for (let offset = 0; offset < 100; offset++) {
      expect(third.isDone('shop/A', offset)).toBe(false);
      expect(third.isDone('other/B', offset)).toBe(offset !== 50);
    }
  });

  test('rule 3: stays within 3 kB, telling less rather than more', () => {
    const one = progress(new Map());
    for (let part = 0; part < 400; part++) {
      for (let offset = 0; offset < 600; offset++) {
        one.begin(`shop/${part}`, offset);
        if (offset % 2 === 1) one.end(`shop/${part}`, offset);
      }
    }
    const text = one.print(0, 600);
    expect(Buffer.byteLength(text ?? '')).toBeLessThanOrEqual(maxMapBytes);
  });

  test('rule 3: says nothing when only the blocked lane has anything above the watermark', () => {
    const one = progress(new Map());
    for (let offset = 0; offset < 1000; offset++) one.begin('shop/A', offset);
    expect(one.print(0, 1000)).toBeUndefined();
  });

  test.each([
    ['nothing', undefined],
    ['another program’s text', 'consumer-7'],
    ['broken JSON', '{"v":1'],
    ['another version', '{"v":2,"at":5,"done":{"00000000":[9]}}'],
    ['another position', '{"v":1,"at":4,"done":{"00000000":[9]}}'],
    ['no numbers', '{"v":1,"at":5,"done":{"00000000":["x"]}}'],
  ])('rule 3: takes nothing from %s', (_name, text) => {
    expect(parseDoneMap(text, 5).size).toBe(0);
  });
});
