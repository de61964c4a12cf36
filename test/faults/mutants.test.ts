import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brokerForTests } from '../support/kafka-broker.ts';
import { isOnApacheKafka, onApacheKafka } from '../support/needs.ts';
import { type FaultBroker, startFaultBroker } from './fault-broker.ts';
import { mutantOptions, mutants } from './mutants.ts';
import { mutated } from './mutate.ts';
import { runRow } from './row.ts';

let broker: FaultBroker & { stop(): Promise<void> };

beforeAll(async () => {
  // With a log of its own where it is to tell who commits.
  broker = isOnApacheKafka ? await startFaultBroker() : await brokerForTests();
});
afterAll(() => broker?.stop());

test.each(mutants)('$name: the bug still fits the sources', ({ patches }) => {
  mutated(patches).remove();
});

const groups = Map.groupBy(mutants, ({ onApacheKafka: needed }) => needed === true);
for (const [needed, list] of groups) {
  describe('a deliberate bug', needed ? onApacheKafka : {}, () => {
    test.each([...new Set(list.map(({ row }) => row))])('$name: holds without it', async (row) => {
      const { problems } = await runRow(row, { broker, count: mutantOptions.count });
      expect(problems).toEqual([]);
    });

    test.each(list)('$name: is found', async ({ patches, row, found }) => {
      const { program, remove } = mutated(patches);
      const { problems } = await runRow(row, { broker, program, ...mutantOptions }).finally(remove);
      expect(problems).toContainEqual(expect.stringMatching(found));
    });
  });
}
