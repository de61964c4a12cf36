import { own } from '../../core/json.ts';
import type { AudienceCallOptions, Caller, Refused } from './audience-call.ts';
import { audiencePages } from './audience-pages.ts';

/** An audience of a list that is called as was asked. */
export interface NamedAudience {
  readonly id: string;
  /** Unix seconds. */
  readonly timeCreated: number;
}

/** Every audience of the ad account with exactly this name; all pages are read. */
export async function listAudiences(
  options: AudienceCallOptions,
  caller: Caller,
  { name, adAccountId }: { readonly name: string; readonly adAccountId: string },
  signal: AbortSignal,
): Promise<readonly NamedAudience[] | Refused> {
  const all = await audiencePages(options, caller, { adAccountId, fields: 'id,name,time_created' }, signal);
  if ('kind' in all) return all;
  return all.flatMap((entry) => {
    const id = own(entry, 'id');
    return own(entry, 'name') === name && typeof id === 'string' ? [{ id, timeCreated: timeOf(entry) }] : [];
  });
}

function timeOf(entry: unknown): number {
  const time = Number(own(entry, 'time_created') ?? Number.NaN);
  return Number.isFinite(time) ? time : Number.POSITIVE_INFINITY;
}
