import type { Failure } from '../../core/outcome.ts';
import { identify } from '../../identity/identify.ts';
import { failureOf } from '../field-error.ts';

/**
 * The lead id as it is sent, undefined when there is none, or the failure: Meta (conversion leads) gives ids of 15 to
 * 17 digits and refuses the whole request for another (error 2804036).
 */
export function leadId(given: string | undefined): string | undefined | Failure {
  if (given === undefined) return undefined;
  const { status, value } = identify('lead_id', given);
  if (status === 'missing' || status === 'junk') return undefined;
  return value !== undefined && value.length >= 15 && value.length <= 17 ? value : invalid;
}

const invalid = failureOf(
  'LEAD_ID_INVALID',
  'lead_id',
  'The lead id must have 15 to 17 digits.',
  'Map lead_id to the id that Meta gave the lead, kept as text on its whole way: a JSON number loses digits.',
);
