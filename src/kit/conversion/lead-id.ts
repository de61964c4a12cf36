import { identify } from '../../identity/identify.ts';

/**
 * The lead id as it is sent, undefined when there is none, `unusable` for another number of digits than the 15 to 17
 * that Meta gives (Meta, conversion leads), for which it refuses the whole request (error 2804036).
 */
export function leadId(given: string | undefined): { readonly id: string } | 'unusable' | undefined {
  if (given === undefined) return undefined;
  const { status, value } = identify('lead_id', given);
  if (status === 'missing' || status === 'junk') return undefined;
  return value !== undefined && value.length >= 15 && value.length <= 17 ? { id: value } : 'unusable';
}
