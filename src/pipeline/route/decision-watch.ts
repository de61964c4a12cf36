import type { SourceRecord } from '../../core/record.ts';
import type { RecordPlan } from './plan.ts';

/** Somebody who looks at decisions as they are made. */
export interface DecisionWatch {
  /** Asked for each event: must cost next to nothing while nobody looks. */
  readonly wants: boolean;
  /** Keeps nothing of the record but copies: its bytes are reused. */
  tell(record: SourceRecord, plan: RecordPlan): void;
}
