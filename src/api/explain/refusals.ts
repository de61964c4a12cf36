import type { Explained } from './explainer.ts';
import { type Refused, refuse } from '../server/handler.ts';

/** Why there is no explanation. */
export function notExplained(kind: Exclude<Explained['kind'], 'explained'>): Refused {
  switch (kind) {
    case 'busy':
      return refuse(503, 'BUSY', 'too many explanations are asked for at once', 'try again in a moment');
    case 'too_long':
      return refuse(
        400,
        'EXPLAIN_TOO_LONG',
        'it took too long and was given up',
        'try a smaller event, or a simpler mapping',
      );
    case 'failed':
      return refuse(
        400,
        'EXPLAIN_FAILED',
        "the event or the mapping can't be explained: it is too large or nests too deeply",
      );
  }
}
