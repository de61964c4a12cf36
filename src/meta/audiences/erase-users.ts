import type { AudienceKey } from '../../core/audience.ts';
import { own } from '../../core/json.ts';
import { type AudienceCallOptions, audienceCall, type Caller, type Refused } from './audience-call.ts';

export interface UsersToErase {
  /** With `act_`. */
  readonly adAccountId: string;
  /** One column for a request: whoever has the value is removed, whatever else Meta knows of them. */
  readonly key: AudienceKey;
  /** At most `maxRowsPerRequest`. */
  readonly values: readonly string[];
}

/** What Meta counted. Whether it knew the people, it doesn't tell. */
export interface ErasedUsers {
  readonly kind: 'erased';
  readonly received: number;
  readonly invalid: number;
}

/** Removes people from every customer list of an ad account (Meta: Custom audiences, usersofanyaudience). */
export async function eraseUsers(
  options: AudienceCallOptions,
  caller: Caller,
  { adAccountId, key, values }: UsersToErase,
  signal: AbortSignal,
): Promise<ErasedUsers | Refused> {
  const payload = { schema: [key], data: values.map((value) => [value]) };
  const path = `/${caller.settings.apiVersion}/${encodeURIComponent(adAccountId)}/usersofanyaudience`;
  const request = { method: 'DELETE', path, body: Buffer.from(JSON.stringify({ payload })) } as const;
  const answer = await audienceCall(options, caller, request, values.length, signal);
  if (answer.kind !== 'answered') return answer;
  const { json } = answer.reply;
  return {
    kind: 'erased',
    received: countOf(own(json, 'num_received')),
    invalid: countOf(own(json, 'num_invalid_entries')),
  };
}

function countOf(value: unknown): number {
  const count = Number(value ?? 0);
  return Number.isFinite(count) ? count : 0;
}
