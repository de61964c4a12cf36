import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brokerForTests, type TestBroker } from '../support/kafka-broker.ts';
import { isOnApacheKafka } from '../support/needs.ts';
import { type Row, runRow } from './row.ts';

/** The embedded broker is there for the way, not for the load. The whole matrix, on Apache Kafka: `npm run faults`. */

const count = isOnApacheKafka ? 4000 : 400;

/** A test for each row, in its short form. They take long, so each kind has a file of its own: files run side by side. */
export function playRows(rows: readonly Row[]): void {
  describe(`from Kafka to Meta, ${count} events each`, () => {
    let broker: TestBroker;

    beforeAll(async () => {
      broker = await brokerForTests();
    });
    afterAll(() => broker.stop());

    test.each(rows)(
      '$name: nothing is lost, repeated without need or committed too early',
      async (row) => {
        const { problems, events, repeated, requests, seconds } = await runRow(row, { broker, count });
        console.log(`${row.name}: ${events} events, ${requests} requests, ${repeated} repeated, ${seconds} s`);
        expect(problems).toEqual([]);
      },
      300_000,
    );
  });
}
