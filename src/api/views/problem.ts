import type { Problem } from '../../config/document.ts';
import type { problemShape } from '../contract/explain.ts';
import type { Of } from '../contract/shape.ts';

/** A problem of a destination file as the API tells it. */
export function shownProblem({ severity, code, message, line, column, fix }: Problem): Of<typeof problemShape> {
  return { severity, code, message, line, column, ...(fix !== undefined && { fix }) };
}
