import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterRow } from '../faults/cluster-rows.ts';
import { type FaultBroker, startFaultBroker } from '../faults/fault-broker.ts';
import { runRow } from '../faults/row.ts';
import { onApacheKafka } from '../support/needs.ts';

describe('with brokers of its own', onApacheKafka, () => {
  let broker: FaultBroker & { stop(): Promise<void> };

  beforeAll(async () => {
    broker = await startFaultBroker(clusterRow.brokers);
  });
  afterAll(() => broker?.stop());

  test(`${clusterRow.name}: nothing is lost, repeated without need or committed too early`, async () => {
    const { problems } = await runRow(clusterRow, { broker, count: 2_000 });
    expect(problems).toEqual([]);
  });
});
