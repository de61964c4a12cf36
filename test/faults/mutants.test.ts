import { afterAll, beforeAll, expect, test } from 'vitest';
import { brokerForTests, type TestBroker } from '../support/kafka-broker.ts';
import { mutants, quickMutants } from './mutants.ts';
import { mutated } from './mutate.ts';
import { runRow } from './row.ts';

let broker: TestBroker;

beforeAll(async () => {
  broker = await brokerForTests();
});
afterAll(() => broker?.stop());

test.each(mutants)('$name: the bug still fits the sources', ({ patches }) => {
  mutated(patches).remove();
});

test.each(quickMutants)('$row.name: holds without the bug', async ({ row }) => {
  const { problems } = await runRow(row, { broker, count: 400 });
  expect(problems).toEqual([]);
});

test.each(quickMutants)('$name: the checker finds it', async ({ patches, row, found }) => {
  const { program, remove } = mutated(patches);
  const result = await runRow(row, { broker, count: 400, program, settleMillis: 25_000 }).finally(remove);
  expect(result.problems).toContainEqual(expect.stringMatching(found));
});
