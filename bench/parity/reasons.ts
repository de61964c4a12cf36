import type { Difference } from './compare.ts';
import { identityReasons } from './identity-reasons.ts';
import { outcomeReasons } from './outcome-reasons.ts';
import type { Circumstances, ParityReason } from './reason.ts';
import { valueReasons } from './value-reasons.ts';

/** Every reason that is known. A difference of which none is the reason fails the comparison. */
export const parityReasons: readonly ParityReason[] = [...identityReasons, ...valueReasons, ...outcomeReasons];

export function reasonOf(difference: Difference, circumstances: Circumstances): ParityReason | undefined {
  return parityReasons.find((reason) => reason.explains(difference, circumstances));
}
