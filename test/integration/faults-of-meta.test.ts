import { playRows } from '../faults/play-rows.ts';
import { orderedRow, sandboxShortRow } from '../faults/sandbox-rows.ts';
import { isOnApacheKafka } from '../support/needs.ts';

playRows([sandboxShortRow, ...(isOnApacheKafka ? [orderedRow] : [])]);
