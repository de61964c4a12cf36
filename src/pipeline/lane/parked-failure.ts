import type { Failure } from '../../core/outcome.ts';

export const parkedCode = 'PARKED';

/** Why a lane sends back what is to be parked. No dead letter has it. */
export const parkedFailure: Failure = {
  code: parkedCode,
  message: 'The lane is blocked, and its deliveries are parked.',
};
