import { handOverRow, lateAdditionsRow, membershipRow } from './audience-rows.ts';
import { brokerRow, lettersRow, tightRow } from './broker-rows.ts';
import { killInOrderRow, killRow, pauseRow, rebalanceRow, restartRow, takenOverRow } from './process-rows.ts';
import { clockRow } from './clock-row.ts';
import type { Row } from './row.ts';
import { orderedRow, sandboxRows, slowRow } from './sandbox-rows.ts';

/** The fault matrix on Kafka. */
export const rows: readonly Row[] = [
  killRow,
  killInOrderRow,
  restartRow,
  pauseRow,
  takenOverRow,
  rebalanceRow,
  brokerRow,
  lettersRow,
  tightRow,
  ...sandboxRows,
  slowRow,
  orderedRow,
  lateAdditionsRow,
  handOverRow,
  membershipRow,
  clockRow,
];
