import type { AudienceCreation, AudienceTarget } from '../../core/audience.ts';
import { own } from '../../core/json.ts';
import { isAmbiguous, type Outcome } from '../../core/outcome.ts';
import { type AudienceCallOptions, audienceCall, type Caller } from './audience-call.ts';
import { type Found, readAudience } from './audience-node.ts';
import { ambiguousName, creationUnclear, missingAudience } from './directory-failures.ts';
import { listAudiences, type NamedAudience } from './list-audiences.ts';

export interface AudienceDirectoryOptions extends AudienceCallOptions {
  /** After a creation, before the list is read again: another process may have done the same (5 s). */
  readonly settleMillis?: number;
}

type Failed = Exclude<Outcome, { readonly kind: 'delivered' }>;

/** Finds audiences by id or by name, and makes those that aren't there. */
export interface AudienceDirectory {
  /**
   * Tries once; what can be tried again is a retryable or blocked outcome, and is remembered: an audience is never
   * made again because an answer got lost.
   */
  find(caller: Caller, target: AudienceTarget, signal: AbortSignal): Promise<Found | Failed>;
}

type NameTarget = Extract<AudienceTarget, { kind: 'name' }>;

export function audienceDirectory(options: AudienceDirectoryOptions): AudienceDirectory {
  const { clock, settleMillis = 5_000 } = options;
  /** Names that a request to create may have been answered for. */
  const created = new Set<string>();

  async function idOf(caller: Caller, target: NameTarget, signal: AbortSignal): Promise<string | Failed> {
    const key = JSON.stringify([target.adAccountId, target.name]);
    const before = await listAudiences(options, caller, target, signal);
    if ('kind' in before) return before;
    if (before.length > 1 && !created.has(key))
      return ambiguousName(
        target,
        before.map(({ id }) => id),
      );
    const found = oldest(before);
    if (found !== undefined) return found.id;
    if (target.create === undefined) return missingAudience(target);
    const creation = await create(caller, target, target.create, signal);
    if (creation !== 'created' && !isAmbiguous(creation)) return creation;
    created.add(key);
    if (creation !== 'created' && creation.kind === 'blocked') return creation;
    await clock.sleep(settleMillis, signal);
    const after = await listAudiences(options, caller, target, signal);
    if ('kind' in after) return after;
    return oldest(after)?.id ?? (creation === 'created' ? creationUnclear(target) : creation);
  }

  async function create(
    caller: Caller,
    { name, adAccountId }: NameTarget,
    creation: AudienceCreation,
    signal: AbortSignal,
  ): Promise<'created' | Failed> {
    const { customerFileSource, description, retentionDays, valueBased } = creation;
    const body = {
      name,
      subtype: 'CUSTOM',
      customer_file_source: customerFileSource,
      // Two processes that create at once get the same audience (Meta: Custom audience, creating).
      enable_fetch_or_create: true,
      ...(description !== undefined && { description }),
      ...(retentionDays !== undefined && { retention_days: retentionDays }),
      ...(valueBased && { is_value_based: true }),
    };
    const request = {
      method: 'POST' as const,
      path: `/${caller.settings.apiVersion}/${encodeURIComponent(adAccountId)}/customaudiences`,
      body: Buffer.from(JSON.stringify(body)),
    };
    const answer = await audienceCall(options, caller, request, 0, signal);
    if (answer.kind !== 'answered') return answer;
    return own(answer.reply.json, 'id') === undefined ? creationUnclear({ name }) : 'created';
  }

  return {
    find: async (caller, target, signal) => {
      const id = target.kind === 'id' ? target.id : await idOf(caller, target, signal);
      if (typeof id !== 'string') return id;
      const found = await readAudience(options, caller, id, signal);
      return found.kind === 'found' && target.kind === 'name' ? { ...found, adAccountId: target.adAccountId } : found;
    },
  };
}

/** The one that every process takes which looks: made first, else with the smallest id. */
function oldest(audiences: readonly NamedAudience[]): NamedAudience | undefined {
  return [...audiences].sort((a, b) => a.timeCreated - b.timeCreated || compareIds(a.id, b.id))[0];
}

function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}
