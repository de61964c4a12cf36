import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AudienceOperation, AudienceRequestTerms, AudienceRow } from '../../../src/core/audience.ts';
import { type EncodedBody, textOf } from '../../../src/core/encoded-body.ts';
import { encodedChange } from '../../../src/core/encoded-change.ts';
import type { QueuedChange } from '../../../src/pipeline/audience/flush-queue.ts';
import { bareRow, type RowForm, requestsOf } from '../../../src/pipeline/audience/requests.ts';

const roomy = { maxRows: 10_000, maxBytes: 4_000_000 };

function queued(operation: AudienceOperation, rows: readonly AudienceRow[], destination = 'crm'): QueuedChange {
  const change = encodedChange({ operation, user: 'u', identifiers: [], rows });
  return { ...change, settings: {}, destination };
}

const asItIs: RowForm<
  QueuedChange,
  EncodedBody & { change: QueuedChange; batchKey: string; terms: AudienceRequestTerms }
> = (change, row, batchKey, terms) => ({ ...row, change, batchKey, terms });

const shape = (
  requests: Iterable<readonly (EncodedBody & { terms: { operation: string; schema: readonly string[] } })[]>,
) => [...requests].map((rows) => [rows[0]?.terms.operation, rows[0]?.terms.schema.join(), rows.map(textOf)]);

describe('the requests of a flush', () => {
  test('are removals before additions, rows with the same columns together, columns in their order', () => {
    const changes = [
      queued('add', [{ EMAIL: 'a', EXTERN_ID: '1' }]),
      queued('remove', [{ EMAIL: 'b' }]),
      queued('add', [{ EMAIL: 'c' }, { EXTERN_ID: '2', EMAIL: 'd' }]),
    ];
    expect(shape(requestsOf('7', changes, roomy, bareRow))).toEqual([
      ['remove', 'EMAIL', ['["b"]']],
      ['add', 'EXTERN_ID,EMAIL', ['["1","a"]', '["2","d"]']],
      ['add', 'EMAIL', ['["c"]']],
    ]);
  });

  test('rule 25: are apart where the destination differs, whose token they need', () => {
    const changes = [queued('add', [{ EMAIL: 'a' }], 'one'), queued('add', [{ EMAIL: 'b' }], 'two')];
    expect([...requestsOf('7', changes, roomy, bareRow)]).toHaveLength(2);
  });

  test('hold numbers and lists as they are', () => {
    const row = { EXTERN_ID: '1', LOOKALIKE_VALUE: 7.5, DATA_PROCESSING_OPTIONS: ['LDU'] };
    expect(shape(requestsOf('7', [queued('add', [row])], roomy, bareRow))[0]?.[2]).toEqual(['["1",7.5,["LDU"]]']);
  });

  test('never have a blank cell, more rows or more bytes than allowed, and hold every row once', () => {
    const anyRow = fc
      .record(
        { EXTERN_ID: fc.string({ minLength: 1 }), EMAIL: fc.string({ minLength: 1 }), FN: fc.string({ minLength: 1 }) },
        {
          requiredKeys: [],
        },
      )
      .filter((row) => Object.keys(row).length > 0);
    const limits = { maxRows: 3, maxBytes: 2_060 };
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.array(anyRow, { minLength: 1, maxLength: 3 }))), (given) => {
        const changes = given.map(([add, rows]) => queued(add ? 'add' : 'remove', rows as readonly AudienceRow[]));
        const requests = [...requestsOf('7', changes, limits, asItIs)];
        const sent = requests.flat();
        expect(sent).toHaveLength(changes.reduce((sum, { rows }) => sum + rows.length, 0));
        for (const row of sent) {
          const { change, terms } = row;
          expect(JSON.parse(textOf(row))).not.toContain('');
          expect(change.operation).toBe(terms.operation);
        }
        for (const rows of requests) {
          expect(rows.length).toBeLessThanOrEqual(3);
          const bytes = rows.reduce((sum, row) => sum + row.bytes + 1, 0);
          expect(rows.length === 1 || bytes <= 60).toBe(true);
          expect(new Set(rows.map(({ batchKey }) => batchKey)).size).toBe(1);
        }
      }),
    );
  });

  test('rule 31: of a replacement are one, with all columns, whatever its size', () => {
    const changes = [queued('replace', [{ EMAIL: 'a' }]), queued('replace', [{ EMAIL: 'b', FN: 'x' }])];
    expect(shape(requestsOf('7', changes, { maxRows: 1, maxBytes: 10 }, bareRow))).toEqual([
      ['replace', 'EMAIL,FN', ['["a",""]', '["b","x"]']],
    ]);
  });

  test('of a replacement with external ids are followed by additions of people without', () => {
    const changes = [
      queued('replace', [{ EMAIL: 'a' }]),
      queued('replace', [{ EXTERN_ID: '1' }]),
      queued('replace', [{ EXTERN_ID: '2', EMAIL: 'b' }]),
    ];
    expect(shape(requestsOf('7', changes, roomy, bareRow))).toEqual([
      ['replace', 'EXTERN_ID,EMAIL', ['["1",""]', '["2","b"]']],
      ['add', 'EMAIL', ['["a"]']],
    ]);
  });

  test('rule 25: with a session are one, with all columns that any row has', () => {
    const changes = [queued('add', [{ EMAIL: 'a' }]), queued('add', [{ EMAIL: 'b', FN: 'x' }])];
    const requests = [
      ...requestsOf('7', changes, { maxRows: 1, maxBytes: 10 }, bareRow, { id: '5', sequence: 2, last: true }),
    ];
    expect(shape(requests)).toEqual([['add', 'EMAIL,FN', ['["a",""]', '["b","x"]']]]);
    expect(requests[0]?.[0]?.terms.session).toEqual({ id: '5', sequence: 2, last: true, rows: 2 });
  });
});
