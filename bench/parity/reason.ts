import type { JsonObject } from '../../src/core/json.ts';
import type { Difference } from './compare.ts';

/** What a reason may look at besides the difference. */
export interface Circumstances {
  readonly event: JsonObject;
  /** Of Segment's subscription. */
  readonly trigger: string;
  /** What our mapping makes of the event: the same values that theirs makes. */
  readonly fields: JsonObject;
  /** What we would send; undefined when nothing. */
  readonly ours: unknown;
  /** Everything else that differs for this event. */
  readonly all: readonly Difference[];
}

/** Why something is not the same, with a test of whether it is this that is seen. */
export interface ParityReason {
  readonly id: string;
  readonly text: string;
  explains(difference: Difference, circumstances: Circumstances): boolean;
}
