import { targetKey } from '../../core/audience.ts';
import { withOwnTexts } from '../../core/encoded-change.ts';
import type { Failure } from '../../core/outcome.ts';
import type { AudienceWork } from '../route/audience-work.ts';

/** Changes of a record that comes back from a parking partition: those of the audiences that still owe it theirs. */
export function wantedOf(work: AudienceWork): AudienceWork {
  const lanes = work.pending.parked?.lanes;
  if (lanes === undefined) return work;
  const updates = work.updates.filter(({ target }) => lanes.includes(targetKey(target)));
  // The mapping names other audiences by now: none of them has got anything of it.
  return updates.length === 0 ? work : { ...work, updates };
}

/**
 * What of the work is to be done again where it can't be parked, beside what is refused already. Its rows lie in the memory of a
 * flush, which goes back when all of that has ended.
 */
export function remainderOf(work: AudienceWork, failure: Failure | undefined, lanes: readonly string[]): AudienceWork {
  const updates = work.updates.filter(({ target }) => lanes.includes(targetKey(target))).map(withOwnTexts);
  return { ...work, updates, ...(failure !== undefined && { failure }) };
}
