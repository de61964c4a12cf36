import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tightRow } from '../faults/broker-rows.ts';
import { killInOrderRow, killRow, pauseRow, rebalanceRow, restartRow, takenOverRow } from '../faults/process-rows.ts';
import { runRow } from '../faults/row.ts';
import { orderedRow, sandboxShortRow } from '../faults/sandbox-rows.ts';
import { brokerForTests, type TestBroker } from '../support/kafka-broker.ts';

/** The embedded broker is there for the way, not for the load. The whole matrix, on Apache Kafka: `npm run faults`. */
const external = process.env['KAFKA_BROKERS'] !== undefined;
const count = external ? 4000 : 400;
const rows = [sandboxShortRow, killRow, restartRow, pauseRow];
const rowsOfApache = [killInOrderRow, takenOverRow, rebalanceRow, tightRow, orderedRow];

describe(`from Kafka to Meta, ${count} events each`, () => {
  let broker: TestBroker;

  beforeAll(async () => {
    broker = await brokerForTests();
  }, 120_000);
  afterAll(() => broker.stop());

  test.each([...rows, ...(external ? rowsOfApache : [])])(
    '$name: nothing is lost, repeated without need or committed too early',
    async (row) => {
      const { problems, events, repeated, requests, seconds } = await runRow(row, { broker, count });
      console.log(`${row.name}: ${events} events, ${requests} requests, ${repeated} repeated, ${seconds} s`);
      expect(problems).toEqual([]);
    },
    300_000,
  );
});
