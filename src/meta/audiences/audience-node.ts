import type { ResolvedAudience } from '../../core/audience.ts';
import { own } from '../../core/json.ts';
import type { Outcome } from '../../core/outcome.ts';
import { type AudienceCallOptions, audienceCall, type Caller } from './audience-call.ts';
import { flagged, inReplacement, notACustomerList } from './directory-failures.ts';

export type Found = ResolvedAudience & { readonly kind: 'found' };

/** `operation_status` codes (Meta: Custom audience). All others take uploads, also those of an empty audience. */
const replacing = 414;
const integrityFlag = 471;

/** Looks at the audience before its first row: a row to one that takes none would be refused, or wait, for ever. */
export async function readAudience(
  options: AudienceCallOptions,
  caller: Caller,
  id: string,
  signal: AbortSignal,
): Promise<Found | Exclude<Outcome, { readonly kind: 'delivered' }>> {
  const fields = 'id,subtype,operation_status,delivery_status,is_value_based';
  const path = `/${caller.settings.apiVersion}/${encodeURIComponent(id)}?fields=${fields}`;
  const answer = await audienceCall(options, caller, { method: 'GET', path }, 0, signal);
  if (answer.kind !== 'answered') return answer;
  const { json } = answer.reply;
  const subtype = own(json, 'subtype');
  if (typeof subtype === 'string' && subtype !== 'CUSTOM') return notACustomerList(id, subtype);
  const status = Number(own(own(json, 'operation_status'), 'code') ?? 0);
  if (status === integrityFlag) return flagged(id);
  if (status === replacing) return inReplacement(id);
  return { kind: 'found', id, valueBased: own(json, 'is_value_based') === true };
}
