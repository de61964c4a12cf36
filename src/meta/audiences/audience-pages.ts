import { own } from '../../core/json.ts';
import { answeredByAnother } from '../classify.ts';
import { type AudienceCallOptions, audienceCall, type Caller, type Refused } from './audience-call.ts';

/** Meta asks for small pages, and answers code 1 to larger ones that it finds too large (Meta: Custom audiences). */
const firstLimit = 100;
const smallestLimit = 10;

/** Every audience of the ad account, all pages of them, as Meta tells them. */
export async function audiencePages(
  options: AudienceCallOptions,
  caller: Caller,
  { adAccountId, fields }: { readonly adAccountId: string; readonly fields: string },
  signal: AbortSignal,
): Promise<readonly unknown[] | Refused> {
  const found: unknown[] = [];
  let limit = firstLimit;
  let after: string | undefined;
  const seen = new Set<string>();
  for (;;) {
    const query = new URLSearchParams({ fields, limit: String(limit), ...(after && { after }) });
    const path = `/${caller.settings.apiVersion}/${encodeURIComponent(adAccountId)}/customaudiences?${query}`;
    const answer = await audienceCall(options, caller, { method: 'GET', path }, 0, signal);
    if (answer.kind === 'retryable' && answer.halve && limit > smallestLimit) {
      limit = Math.max(smallestLimit, Math.floor(limit / 2));
      continue;
    }
    if (answer.kind !== 'answered') return answer;
    const data: unknown = own(answer.reply.json, 'data');
    if (!Array.isArray(data)) {
      // Taken for the end of the list, it would have an audience made that is there.
      const refused = answeredByAnother(answer.reply);
      return refused === undefined || refused.kind === 'delivered' ? found : refused;
    }
    found.push(...data);
    after = nextCursor(answer.reply.json);
    // One that was there before leads around in a circle.
    if (after === undefined || seen.has(after) || data.length === 0) return found;
    seen.add(after);
  }
}

/** The cursor of the next page. Not Meta's `next`, which carries the token. */
function nextCursor(json: unknown): string | undefined {
  const paging = own(json, 'paging');
  const after = own(own(paging, 'cursors'), 'after');
  return own(paging, 'next') !== undefined && typeof after === 'string' ? after : undefined;
}
