import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { coveragePage } from '../../scripts/generate-coverage.ts';
import { graphErrorRow } from '../../src/meta/error-table.ts';
import { explained } from './explained.ts';
import { products } from './products.ts';
import { type Run, runs } from './runs.ts';

type Request = {
  readonly method: string;
  readonly path: string;
  readonly body: {
    readonly data?: readonly Readonly<Record<string, unknown>>[];
    readonly payload?: { readonly schema: readonly string[]; readonly data: readonly (readonly unknown[])[] };
  };
};

const root = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');
const statements = products.flatMap(({ product, statements }) =>
  statements.map(([statement, , proof]) => ({ product, statement, proof })),
);

/** The first row of a request by its columns. */
function rowOf({ body: { payload } }: Request): Readonly<Record<string, unknown>> {
  return Object.fromEntries((payload?.schema ?? []).map((key, at) => [key, payload?.data[0]?.[at]]));
}

function check(expected: Run): void {
  const { deliveries, skipped } = explained(expected);
  const requests = deliveries.flatMap(({ request }) => (request === undefined ? [] : [request as Request]));
  if (expected.skipped !== undefined) {
    expect(deliveries).toEqual([]);
    expect(skipped.map(({ reason }) => reason)).toContain(expected.skipped);
  }
  if (expected.rejected !== undefined) expect(deliveries).toMatchObject([{ error: { code: expected.rejected } }]);
  if (expected.warned !== undefined) {
    expect(deliveries.flatMap(({ warnings }) => warnings.map(({ code }) => code))).toContain(expected.warned);
  }
  if (expected.sends !== undefined) expect(requests[0]?.body.data).toMatchObject([expected.sends]);
  if (expected.rows !== undefined) {
    expect(requests.map(({ method }) => method)).toEqual(expected.rows.map(([method]) => method));
    expect(requests.map(rowOf)).toMatchObject(expected.rows.map(([, row]) => row));
  }
  if (expected.payload !== undefined) expect(requests[0]?.body.payload).toMatchObject(expected.payload);
  if (expected.path !== undefined) expect(requests[0]?.path).toContain(expected.path);
}

describe('what users of other products expect', () => {
  test.each(Object.entries(runs))('the run "%s"', (_, expected) => check(expected));

  test.each(statements)('$product: $statement', ({ proof }) => {
    if ('run' in proof) expect(runs[proof.run], proof.run).toBeDefined();
    else if ('code' in proof) {
      const row = graphErrorRow(proof.code, proof.subcode, '');
      expect(row?.outcome.kind).toBe('blocked');
      expect(row?.fix).not.toBe('');
    } else if ('test' in proof) {
      expect(proof.title.length).toBeGreaterThan(8);
      expect(read(proof.test).includes(proof.title), `${proof.test}: ${proof.title}`).toBe(true);
    } else expect(proof.not).not.toBe('');
  });

  test('--show-identifiers shows the values of a list before hashing, by entry', () => {
    const given = runs['list both'];
    if (given === undefined) throw new Error('no such run');
    expect(explained(given, true).deliveries[0]).toMatchObject({
      identifiers: { 'users_add[0].em': ['b@shop.example'], 'users_remove[0].em': ['a@shop.example'] },
    });
  });

  test('every run shows something that a statement needs, and looks at something', () => {
    const needed = new Set(statements.flatMap(({ proof }) => ('run' in proof ? [proof.run] : [])));
    expect(Object.keys(runs).filter((name) => !needed.has(name))).toEqual([]);
    const outcomes = ({ sends, rows, skipped, rejected, warned }: Run) =>
      sends ?? rows ?? skipped ?? rejected ?? warned;
    for (const [name, given] of Object.entries(runs)) expect(outcomes(given), name).toBeDefined();
  });

  test('docs/coverage.md is what they say: run `npm run generate` otherwise', () => {
    expect(read('docs/coverage.md')).toBe(coveragePage());
  });
});
