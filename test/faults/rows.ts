import { handOverRow, lateAdditionsRow, membershipRow } from './audience-rows.ts';
import { brokerRow, lettersRow, tightRow } from './broker-rows.ts';
import { clockRow } from './clock-row.ts';
import { clusterRow } from './cluster-rows.ts';
import { fuseRow, guiltyRow, unknownAudiencesRow } from './guilty-rows.ts';
import {
  killInOrderRow,
  killRow,
  pauseRow,
  rebalanceRow,
  restartRow,
  stoppedInTurnRow,
  takenOverRow,
} from './process-rows.ts';
import { countedRow } from './driven-rows.ts';
import { nullHeaderRow } from './record-rows.ts';
import type { Row } from './row.ts';
import { orderedRow, sandboxRows, slowRow } from './sandbox-rows.ts';
import { remadeRow } from './topic-rows.ts';

/** The fault matrix on Kafka. */
export const rows: readonly Row[] = [
  killRow,
  killInOrderRow,
  restartRow,
  pauseRow,
  takenOverRow,
  rebalanceRow,
  stoppedInTurnRow,
  brokerRow,
  lettersRow,
  tightRow,
  remadeRow,
  nullHeaderRow,
  ...sandboxRows,
  slowRow,
  orderedRow,
  lateAdditionsRow,
  handOverRow,
  membershipRow,
  clockRow,
  guiltyRow,
  unknownAudiencesRow,
  fuseRow,
  countedRow,
  clusterRow,
];
