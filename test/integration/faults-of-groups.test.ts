import { describe } from 'vitest';
import { tightRow } from '../faults/broker-rows.ts';
import { playRows } from '../faults/play-rows.ts';
import { rebalanceRow, takenOverRow } from '../faults/process-rows.ts';
import { onApacheKafka } from '../support/needs.ts';

/** On Apache Kafka only: the embedded broker takes most of a session time-out for every change of a group. */
describe('with a group that changes', onApacheKafka, () => playRows([takenOverRow, rebalanceRow, tightRow]));
