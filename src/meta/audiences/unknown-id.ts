import type { Failure } from '../../core/outcome.ts';

/** What Meta, or our look at the audience, says of an id that leads to nothing that could ever take people. */
const codes: ReadonlySet<string> = new Set([
  'META_100_33',
  'META_100_34',
  'META_803',
  'META_100_1487301',
  'META_100_1487366',
  'META_1487301',
  'META_1487366',
  'AUDIENCE_NOT_A_CUSTOMER_LIST',
]);

/**
 * The failure may be the fault of the id. Whether it is tells where the id comes from: Meta answers the same where the
 * token lacks access (Meta: error reference, 100/33).
 */
export function isUnknownId(code: string): boolean {
  return codes.has(code);
}

/** The same for an event that has brought the id: it is mended elsewhere than in the destination file. */
export function faultOfEvent(failure: Failure): Failure {
  const fix =
    'Correct the id where the event gets it from, or give the token access to it; then replay the dead letter.';
  return { ...failure, fix };
}
