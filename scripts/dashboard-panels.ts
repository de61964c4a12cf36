import { aboutMetaAndProcess } from './dashboard-meta.ts';
import type { Question } from './dashboard-panel.ts';
import { aboutWork } from './dashboard-work.ts';

/** In the order of an operator's questions. */
export const questions: readonly Question[] = [...aboutWork, ...aboutMetaAndProcess];

/** Metrics that no panel shows. */
export const notShown: Readonly<Record<string, string>> = {
  meta_actions_lane_blocked: 'lane_state says it too; this one is for alerts',
  meta_actions_read_bytes_total: 'records tell the same',
  meta_actions_committed_offset: 'a position, not a quantity',
  meta_actions_partition_paused: 'reading pauses by itself all the time',
  meta_actions_process_warnings_total: "Node's own, which are in the log",
};
