import { external, playRows } from '../faults/play-rows.ts';
import { orderedRow, sandboxShortRow } from '../faults/sandbox-rows.ts';

playRows([sandboxShortRow, ...(external ? [orderedRow] : [])]);
