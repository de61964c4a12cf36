import { targetKey } from '../../core/audience.ts';
import type { AudienceWork } from '../route/audience-work.ts';

/** Changes of a record that comes back from a parking partition: those of the audiences that still owe it theirs. */
export function wantedOf(work: AudienceWork): AudienceWork {
  const lanes = work.pending.parked?.lanes;
  if (lanes === undefined) return work;
  const updates = work.updates.filter(({ target }) => lanes.includes(targetKey(target)));
  // The mapping names other audiences by now: none of them has got anything of it.
  return updates.length === 0 ? work : { ...work, updates };
}
