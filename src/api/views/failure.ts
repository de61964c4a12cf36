import type { Of } from '../contract/shape.ts';
import type { failureShape } from '../contract/failures.ts';
import type { Failure } from '../../core/outcome.ts';

/** A failure as the API tells it. */
export function shownFailure(failure: Failure): Of<typeof failureShape> {
  const { code, message, fix, field, reason, rejected, entries, meta } = failure;
  return {
    code,
    message,
    ...(fix !== undefined && { fix }),
    ...(field !== undefined && { field }),
    ...(reason !== undefined && { reason }),
    ...(rejected !== undefined && { rejected }),
    ...(entries !== undefined && { entries }),
    ...(meta !== undefined && { meta }),
  };
}
