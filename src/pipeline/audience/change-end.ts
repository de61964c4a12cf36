import type { Failure } from '../../core/outcome.ts';
import { parkedCode } from '../lane/parked-failure.ts';

/** How a change ended. `dropped`: its partition went to another process, which sends it itself. */
export type ChangeEnd =
  | { readonly kind: 'delivered' | 'superseded' | 'dropped' }
  | { readonly kind: 'rejected'; readonly failure: Failure };

/** Of most changes, and one object for all. */
export const dropped: ChangeEnd = { kind: 'dropped' };
export const delivered: ChangeEnd = { kind: 'delivered' };
export const covered: ChangeEnd = { kind: 'superseded' };

/** Of a change that was covered by one that was refused. */
export function superseded(by: Failure): Failure {
  if (by.code === parkedCode) return by;
  return {
    code: 'SUPERSEDED',
    message: `A newer change of the same person covered this one, and was refused: ${by.code}.`,
    fix: 'Look at the dead letter of the newer change first.',
  };
}
