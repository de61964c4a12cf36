import { own } from '../../core/json.ts';
import { type AudienceCallOptions, audienceCall, type Caller, type Refused } from './audience-call.ts';
import { audiencePages } from './audience-pages.ts';

interface Status {
  readonly code: number;
  /** As Meta says it; may be in another language. */
  readonly description: string;
}

/** What Meta tells of an audience. Times are Unix seconds; members that it doesn't tell are absent. */
export interface AudienceDetails {
  readonly id: string;
  readonly name: string;
  readonly subtype: string;
  readonly description?: string;
  /** Rounded; Meta hides what is below 1,000. */
  readonly sizeAtLeast?: number;
  readonly sizeAtMost?: number;
  readonly operation?: Status;
  readonly delivery?: Status;
  readonly customerFileSource?: string;
  readonly valueBased: boolean;
  /** Absent: for ever. */
  readonly retentionDays?: number;
  readonly created?: number;
  readonly contentUpdated?: number;
}

const fields = [
  ...['id', 'name', 'subtype', 'description', 'approximate_count_lower_bound', 'approximate_count_upper_bound'],
  ...['operation_status', 'delivery_status', 'customer_file_source', 'is_value_based', 'retention_days'],
  ...['time_created', 'time_content_updated'],
].join();

export async function audienceDetails(
  options: AudienceCallOptions,
  caller: Caller,
  id: string,
  signal: AbortSignal,
): Promise<{ readonly kind: 'found'; readonly details: AudienceDetails } | Refused> {
  const path = `/${caller.settings.apiVersion}/${encodeURIComponent(id)}?fields=${fields}`;
  const answer = await audienceCall(options, caller, { method: 'GET', path }, 0, signal);
  return answer.kind === 'answered' ? { kind: 'found', details: detailsOf(answer.reply.json) } : answer;
}

/** All of the ad account. */
export async function allAudiences(
  options: AudienceCallOptions,
  caller: Caller,
  adAccountId: string,
  signal: AbortSignal,
): Promise<{ readonly kind: 'found'; readonly audiences: readonly AudienceDetails[] } | Refused> {
  const all = await audiencePages(options, caller, { adAccountId, fields }, signal);
  return 'kind' in all ? all : { kind: 'found', audiences: all.map(detailsOf) };
}

function detailsOf(entry: unknown): AudienceDetails {
  const description = textOf(entry, 'description');
  const [sizeAtLeast, sizeAtMost] = [sizeOf(entry, 'lower'), sizeOf(entry, 'upper')];
  const [operation, delivery] = [statusOf(entry, 'operation_status'), statusOf(entry, 'delivery_status')];
  const source = textOf(entry, 'customer_file_source');
  const retentionDays = numberOf(entry, 'retention_days');
  const [created, contentUpdated] = [numberOf(entry, 'time_created'), numberOf(entry, 'time_content_updated')];
  return {
    id: textOf(entry, 'id') ?? '',
    name: textOf(entry, 'name') ?? '',
    subtype: textOf(entry, 'subtype') ?? '',
    ...(description && { description }),
    ...(sizeAtLeast !== undefined && { sizeAtLeast }),
    ...(sizeAtMost !== undefined && { sizeAtMost }),
    ...(operation && { operation }),
    ...(delivery && { delivery }),
    ...(source && { customerFileSource: source }),
    valueBased: own(entry, 'is_value_based') === true,
    ...(retentionDays && { retentionDays }),
    ...(created !== undefined && { created }),
    ...(contentUpdated !== undefined && { contentUpdated }),
  };
}

/** Negative where Meta has none (-1). */
function sizeOf(entry: unknown, bound: 'lower' | 'upper'): number | undefined {
  const size = numberOf(entry, `approximate_count_${bound}_bound`);
  return size === undefined || size < 0 ? undefined : size;
}

function statusOf(entry: unknown, name: string): Status | undefined {
  const status = own(entry, name);
  const code = numberOf(status, 'code');
  return code === undefined ? undefined : { code, description: textOf(status, 'description') ?? '' };
}

function textOf(entry: unknown, name: string): string | undefined {
  const value = own(entry, name);
  return typeof value === 'string' ? value : undefined;
}

/** Meta writes some numbers as text. */
function numberOf(entry: unknown, name: string): number | undefined {
  const value = own(entry, name);
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
