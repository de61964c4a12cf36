import { playRows } from '../faults/play-rows.ts';
import { clockRow } from '../faults/clock-row.ts';
import { killInOrderRow, killRow, pauseRow, restartRow } from '../faults/process-rows.ts';
import { isOnApacheKafka } from '../support/needs.ts';

playRows([killRow, restartRow, pauseRow, clockRow, ...(isOnApacheKafka ? [killInOrderRow] : [])]);
