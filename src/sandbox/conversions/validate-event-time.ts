import type { EventCheck } from './event-check.ts';
import { validationError } from '../graph/graph-errors.ts';

const daySeconds = 86_400;
/** How far a sender's clock may be ahead. Meta doesn't say; chosen here. */
const aheadSeconds = 60;

/** At most 7 days old, 62 for physical_store, and not in the future (Meta: using the API). */
export const checkEventTime: EventCheck = (event, { nowSeconds }) => {
  const eventTime = Number(event['event_time']);
  const maxDays = event['action_source'] === 'physical_store' ? 62 : 7;
  if (eventTime > nowSeconds + aheadSeconds) return validationError(2804004, ['event_time']);
  if (eventTime < nowSeconds - maxDays * daySeconds) return validationError(2804003, ['event_time']);
  return undefined;
};
