import { expect, test } from 'vitest';
import type { Delivery, FinalSink } from '../../src/core/delivery.ts';
import type { FinalOutcome } from '../../src/core/outcome.ts';
import { allOrNothing } from '../../src/delivery/all-or-nothing.ts';
import { deliveries, failure, never } from './fakes.ts';

const bodies = ['["a"]', '["b"]', '["c"]'];
const terms = { audienceId: '7', operation: 'replace', schema: ['EXTERN_ID'], settings: {} } as const;

function rows(operation: 'add' | 'replace' = 'replace'): readonly Delivery[] {
  return deliveries(bodies.length).map((one, at) => ({
    ...one,
    body: bodies[at] ?? '',
    terms: { ...terms, operation },
  }));
}

const rejected = (code: string): FinalOutcome => ({
  kind: 'rejected',
  failure: failure(code),
});

/** Remembers what it was sent, and answers one after the other. */
function scripted(...answers: readonly (readonly FinalOutcome[])[]) {
  const requests: (readonly Delivery[])[] = [];
  const sink: FinalSink = {
    send: async (sent) => {
      requests.push(sent);
      return answers[requests.length - 1] ?? [];
    },
  };
  return { sink: allOrNothing(sink), requests };
}

test('other rows pass as they are', async () => {
  const { sink, requests } = scripted(rows('add').map(() => ({ kind: 'delivered' })));
  await sink.send(rows('add'), never);
  expect(requests[0]).toHaveLength(3);
});

test('the rows of a replacement are one delivery, and share its refusal', async () => {
  const { sink, requests } = scripted([rejected('NO')]);
  expect(await sink.send(rows(), never)).toEqual([rejected('NO'), rejected('NO'), rejected('NO')]);
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject([{ body: '["a"],["b"],["c"]', bytes: 17, terms: { rows: 3 } }]);
});

test('rows that Meta names are rejected, the others delivered', async () => {
  const named = new Map([['["b"]', failure('BAD')]]);
  const { sink, requests } = scripted([{ kind: 'delivered', rows: { received: 3, invalid: 1, named } }]);
  const outcomes = await sink.send(rows(), never);
  expect(outcomes).toMatchObject([{ kind: 'delivered' }, { failure: { code: 'BAD' } }, { kind: 'delivered' }]);
  expect(requests).toHaveLength(1);
});

test('rule 26: where Meta counts more than it names, the others are sent again as additions', async () => {
  const named = new Map([['["b"]', failure('BAD')]]);
  const { sink, requests } = scripted(
    [{ kind: 'delivered', rows: { received: 3, invalid: 2, named } }],
    [{ kind: 'delivered' }, rejected('WORSE')],
  );
  expect(await sink.send(rows(), never)).toMatchObject([
    { kind: 'delivered' },
    { failure: { code: 'BAD' } },
    { failure: { code: 'WORSE' } },
  ]);
  expect(requests[1]).toMatchObject([
    { body: '["a"]', terms: { operation: 'add' } },
    { body: '["c"]', terms: { operation: 'add' } },
  ]);
});
