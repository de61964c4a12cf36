import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DoneMap,
  fingerprintOf,
  maxMetadataBytes,
  parseMetadata,
  printMetadata,
} from '../../../src/pipeline/partition/commit-metadata.ts';
import { createPartialProgress, type PartialProgress } from '../../../src/pipeline/partition/partial-progress.ts';

const parts = ['shop/Orders', 'shop/Carts', 'other/Orders'];

/** As a commit says it. */
function printed(one: PartialProgress, position: number, readTo: number): string | undefined {
  const text = (done: DoneMap) => printMetadata(position, { done, clean: undefined });
  return text(one.done(position, readTo, (map) => Buffer.byteLength(text(map) ?? '') <= maxMetadataBytes));
}

describe('the map of what is done above the watermark', () => {
  test('rule 3: never calls done what is not, and is complete when little is open', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.record({ has: fc.boolean(), ends: fc.boolean() }), { minLength: 3, maxLength: 3 }), {
          minLength: 1,
          maxLength: 200,
        }),
        (records) => {
          const before = createPartialProgress(new Map());
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
          const text = printed(before, 10, records.length + 10);
          const after = createPartialProgress(parseMetadata(text, 10).done);
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

  test('where order counts, nothing behind what is open is called done', () => {
    const one = createPartialProgress(new Map());
    for (const part of parts) {
      for (const offset of [0, 1, 2, 3]) one.begin(part, offset);
      for (const offset of [0, 1, 2, 3]) if (part !== 'shop/Orders' || offset !== 2) one.end(part, offset);
    }
    const isOrdered = (key: string) => key !== 'other/Orders';
    const after = createPartialProgress(one.done(0, 4, () => true, isOrdered));
    const doneOf = (part: string) => [0, 1, 2, 3].filter((offset) => after.isDone(part, offset));
    expect(parts.map(doneOf)).toEqual([
      [0, 1],
      [0, 1],
      [0, 1, 2, 3],
    ]);
  });

  test('rule 3: outlives a second restart that has read only a part again', () => {
    const first = createPartialProgress(new Map());
    for (let offset = 0; offset < 100; offset++) {
      first.begin('shop/A', offset);
      first.begin('other/B', offset);
      if (offset !== 50) first.end('other/B', offset);
    }
    const second = createPartialProgress(parseMetadata(printed(first, 0, 100), 0).done);
    for (let offset = 0; offset < 20; offset++) {
      expect(second.isDone('shop/A', offset)).toBe(false);
      expect(second.isDone('other/B', offset)).toBe(true);
      second.begin('shop/A', offset);
    }
    const third = createPartialProgress(parseMetadata(printed(second, 0, 20), 0).done);
    for (let offset = 0; offset < 100; offset++) {
      expect(third.isDone('shop/A', offset)).toBe(false);
      expect(third.isDone('other/B', offset)).toBe(offset !== 50);
    }
  });

  test('rule 3: stays within 3 kB, telling less rather than more', () => {
    const one = createPartialProgress(new Map());
    for (let part = 0; part < 400; part++) {
      for (let offset = 0; offset < 600; offset++) {
        one.begin(`shop/${part}`, offset);
        if (offset % 2 === 1) one.end(`shop/${part}`, offset);
      }
    }
    const text = printed(one, 0, 600);
    expect(Buffer.byteLength(text ?? '')).toBeLessThanOrEqual(maxMetadataBytes);
  });

  test('rule 3: says nothing when only the blocked lane has anything above the watermark', () => {
    const one = createPartialProgress(new Map());
    for (let offset = 0; offset < 1000; offset++) one.begin('shop/A', offset);
    expect(printed(one, 0, 1000)).toBeUndefined();
  });

  test.each([
    ['read for the first time', new Map()],
    [
      'of which an earlier process had left a hole',
      new Map([[fingerprintOf('shop/A'), { to: 30, holes: [5, 9, 20] }]]),
    ],
  ])('rule 3: has a record %s open until all of its events are routed', (_, inherited) => {
    const one = createPartialProgress(inherited);
    one.begin('other/B', 0);
    const isSaidDone = (readTo: number) => {
      const said = parseMetadata(printed(one, 0, readTo), 0).done;
      return createPartialProgress(said).isDone('shop/A', 5);
    };
    one.routing(5);
    for (let event = 0; event < 3; event++) {
      expect(isSaidDone(5)).toBe(false);
      one.begin('shop/A', 5);
      expect(isSaidDone(5)).toBe(false);
      one.end('shop/A', 5);
      expect(isSaidDone(5)).toBe(false);
    }
    one.routed();
    expect(isSaidDone(6)).toBe(true);
  });
});
