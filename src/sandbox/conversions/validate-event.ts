import { isObject } from '../../core/json.ts';
import { checkBusinessMessaging } from './business-messaging.ts';
import type { EventCheck, EventScope } from './event-check.ts';
import { eventPath } from './event-path.ts';
import { type GraphError, parameterError } from '../graph/graph-errors.ts';
import { checkLimitedDataUse } from './limited-data-use.ts';
import { checkAppData } from './validate-app-data.ts';
import { checkContents, checkCurrency } from './validate-custom-data.ts';
import { checkEventTime } from './validate-event-time.ts';
import { checkShape } from './validate-shape.ts';
import { checkCustomerInformation, checkLeadId } from './validate-user-data.ts';

/**
 * In the order in which Meta answers, as far as that is known: an old event with too little customer information was
 * seen to answer for its age.
 */
const checks: readonly EventCheck[] = [
  checkShape,
  checkEventTime,
  checkCurrency,
  checkContents,
  checkAppData,
  checkBusinessMessaging,
  checkLeadId,
  checkLimitedDataUse,
  checkCustomerInformation,
];

/** The first rule that an event breaks; one such event refuses its whole request. */
export function validateEvent(event: unknown, scope: EventScope): GraphError | undefined {
  if (!isObject(event)) return parameterError(`The parameter ${eventPath(scope.index)} must be an object`);
  for (const check of checks) {
    const error = check(event, scope);
    if (error !== undefined) return error;
  }
  return undefined;
}
