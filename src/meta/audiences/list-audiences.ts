import { own } from '../../core/json.ts';
import type { Outcome } from '../../core/outcome.ts';
import { type AudienceCallOptions, audienceCall, type Caller } from './audience-call.ts';

/** An audience of a list that is called as was asked. */
export interface NamedAudience {
  readonly id: string;
  /** Unix seconds. */
  readonly timeCreated: number;
}

/** Meta asks for small pages, and answers code 1 to larger ones that it finds too large (Meta: Custom audiences). */
const firstLimit = 100;
const smallestLimit = 10;

/** Every audience of the ad account with exactly this name; all pages are read. */
export async function listAudiences(
  options: AudienceCallOptions,
  caller: Caller,
  { name, adAccountId }: { readonly name: string; readonly adAccountId: string },
  signal: AbortSignal,
): Promise<readonly NamedAudience[] | Exclude<Outcome, { readonly kind: 'delivered' }>> {
  const found: NamedAudience[] = [];
  let limit = firstLimit;
  let after: string | undefined;
  for (;;) {
    const query = new URLSearchParams({
      fields: 'id,name,time_created',
      limit: String(limit),
      ...(after && { after }),
    });
    const path = `/${caller.settings.apiVersion}/${encodeURIComponent(adAccountId)}/customaudiences?${query}`;
    const answer = await audienceCall(options, caller, { method: 'GET', path }, 0, signal);
    if (answer.kind === 'retryable' && answer.halve && limit > smallestLimit) {
      limit = Math.max(smallestLimit, Math.floor(limit / 2));
      continue;
    }
    if (answer.kind !== 'answered') return answer;
    const data: unknown = own(answer.reply.json, 'data');
    if (!Array.isArray(data)) return found;
    for (const entry of data) {
      const id = own(entry, 'id');
      if (own(entry, 'name') === name && typeof id === 'string') found.push({ id, timeCreated: timeOf(entry) });
    }
    after = nextCursor(answer.reply.json, after);
    if (after === undefined || data.length === 0) return found;
  }
}

/** The cursor of the next page. Not Meta's `next`, which carries the token. */
function nextCursor(json: unknown, current: string | undefined): string | undefined {
  const paging = own(json, 'paging');
  const after = own(own(paging, 'cursors'), 'after');
  const goesOn = own(paging, 'next') !== undefined && typeof after === 'string' && after !== current;
  return goesOn ? after : undefined;
}

function timeOf(entry: unknown): number {
  const time = Number(own(entry, 'time_created') ?? Number.NaN);
  return Number.isFinite(time) ? time : Number.POSITIVE_INFINITY;
}
