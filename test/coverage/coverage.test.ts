import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { coveragePage } from '../../scripts/generate-coverage.ts';
import { explained } from './explained.ts';
import { check, outcomeExplained } from './outcome.ts';
import { products } from './products.ts';
import { type Run, runs } from './runs.ts';
import { scenes } from './scenes/scenes.ts';

const proofs = products.flatMap(({ statements }) => statements.map(([, , proof]) => proof));

describe('what users of other products expect', () => {
  test.each(Object.entries(runs))('explain tells the same of the run "%s" as is sent', (_, expected) =>
    check(expected, outcomeExplained(expected)),
  );

  test('every statement has a run or a scene, or a reason why it has none', () => {
    expect(proofs.length).toBeGreaterThanOrEqual(180);
    for (const proof of proofs) {
      const shown = 'not' in proof ? [proof.not] : 'runs' in proof ? proof.runs : proof.scenes;
      expect(shown.length).toBeGreaterThan(0);
      expect(shown).not.toContain('');
    }
  });

  test('every run and every scene shows something that a statement needs, and all that are needed are there', () => {
    const needed = (kind: 'runs' | 'scenes') =>
      new Set(
        proofs.flatMap((proof) => (kind in proof ? (proof as Record<typeof kind, readonly string[]>)[kind] : [])),
      );
    expect(needed('runs')).toEqual(new Set(Object.keys(runs)));
    expect(needed('scenes')).toEqual(new Set(Object.keys(scenes)));
    const outcomes = ({ sends, rows, skipped, rejected, warned }: Run) =>
      sends ?? rows ?? skipped ?? rejected ?? warned;
    for (const [name, given] of Object.entries(runs)) expect(outcomes(given), name).toBeDefined();
  });

  test('--show-identifiers shows the values of a list before hashing, by entry', () => {
    const given = runs['list both'];
    if (given === undefined) throw new Error('no such run');
    expect(explained(given, true).deliveries[0]).toMatchObject({
      identifiers: { 'users_add[0].em': ['b@shop.example'], 'users_remove[0].em': ['a@shop.example'] },
    });
  });

  test('docs/coverage.md is what they say: run `npm run generate` otherwise', () => {
    expect(readFileSync(new URL('../../docs/coverage.md', import.meta.url), 'utf8')).toBe(coveragePage());
  });
});
