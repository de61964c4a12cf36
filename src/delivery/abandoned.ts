import type { Failure, FinalOutcome } from '../core/outcome.ts';

const failure: Failure = {
  code: 'ABANDONED',
  message: 'The partition went to another process before the delivery was sent.',
};

/** Nobody sees it: whoever has the partition now sends it. */
export const abandoned: FinalOutcome = { kind: 'rejected', failure, whole: false, known: true };
