import { external, playRows } from '../faults/play-rows.ts';
import { killInOrderRow, killRow, pauseRow, restartRow } from '../faults/process-rows.ts';

playRows([killRow, restartRow, pauseRow, ...(external ? [killInOrderRow] : [])]);
