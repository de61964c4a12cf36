import { playRows } from '../faults/play-rows.ts';
import { killInOrderRow, killRow, pauseRow, restartRow } from '../faults/process-rows.ts';
import { isOnApacheKafka } from '../support/needs.ts';

playRows([killRow, restartRow, pauseRow, ...(isOnApacheKafka ? [killInOrderRow] : [])]);
