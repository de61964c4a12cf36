import { describe } from 'vitest';
import { tightRow } from '../faults/broker-rows.ts';
import { external, playRows } from '../faults/play-rows.ts';
import { rebalanceRow, takenOverRow } from '../faults/process-rows.ts';

/** On Apache Kafka only: the embedded broker takes most of a session time-out for every change of a group. */
describe.runIf(external)('with a group that changes', () => playRows([takenOverRow, rebalanceRow, tightRow]));
