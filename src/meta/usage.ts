import { isObject, own } from '../core/json.ts';
import type { RateLimitUsage } from '../core/rate-limit.ts';
import type { ThrottleScope } from './error-row.ts';
import { headerOf, type ReplyHeaders } from './graph-reply.ts';

export interface UsageReport extends RateLimitUsage {
  readonly scopes: readonly (RateLimitUsage & { readonly scope: ThrottleScope })[];
}

/**
 * The usage in `X-App-Usage`, `X-Ad-Account-Usage` and `X-Business-Use-Case-Usage` (Meta: Rate limits), or undefined
 * where there is none that can be read.
 */
export function usageOf(headers: ReplyHeaders): UsageReport | undefined {
  const app = appUsage(headers);
  const account = worst([accountUsage(headers), ...businessUsage(headers)]);
  const overall = worst([app, account]);
  if (overall === undefined) return undefined;
  const scopes = [
    ...(app === undefined ? [] : [{ scope: 'app' as const, ...app }]),
    ...(account === undefined ? [] : [{ scope: 'account' as const, ...account }]),
  ];
  return { ...overall, scopes };
}

const callMetrics = ['call_count', 'total_cputime', 'total_time'];

function appUsage(headers: ReplyHeaders): RateLimitUsage | undefined {
  return usage(highest(jsonHeader(headers, 'x-app-usage'), callMetrics));
}

function accountUsage(headers: ReplyHeaders): RateLimitUsage | undefined {
  const report = jsonHeader(headers, 'x-ad-account-usage');
  const percent = highest(report, ['acc_id_util_pct']);
  // The duration runs whether or not the limit is near; it matters once the limit is met.
  const seconds = percent !== undefined && percent >= 100 ? numberOf(own(report, 'reset_time_duration')) : undefined;
  return usage(percent, seconds === undefined ? undefined : seconds * 1_000);
}

function businessUsage(headers: ReplyHeaders): (RateLimitUsage | undefined)[] {
  const report = jsonHeader(headers, 'x-business-use-case-usage');
  const entries = isObject(report) ? Object.values(report).flat() : [];
  return entries.map((entry) => {
    const minutes = numberOf(own(entry, 'estimated_time_to_regain_access'));
    return usage(highest(entry, callMetrics), minutes === undefined ? undefined : minutes * 60_000);
  });
}

/** A time of 0 says that calls are allowed: it names none. A named time says that they are not, whatever the share. */
function usage(percent: number | undefined, regainMillis?: number): RateLimitUsage | undefined {
  const regain = regainMillis !== undefined && regainMillis > 0 ? regainMillis : undefined;
  if (percent === undefined && regain === undefined) return undefined;
  return regain === undefined
    ? { percent: percent ?? 0 }
    : { percent: Math.max(percent ?? 0, 100), regainMillis: regain };
}

function worst(reports: readonly (RateLimitUsage | undefined)[]): RateLimitUsage | undefined {
  const known = reports.filter((report) => report !== undefined);
  if (known.length === 0) return undefined;
  const percent = Math.max(...known.map((report) => report.percent));
  const regainMillis = Math.max(0, ...known.map((report) => report.regainMillis ?? 0));
  return regainMillis > 0 ? { percent, regainMillis } : { percent };
}

function highest(report: unknown, names: readonly string[]): number | undefined {
  const values = names.map((name) => numberOf(own(report, name))).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : Math.max(...values);
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
}

function jsonHeader(headers: ReplyHeaders, name: string): unknown {
  try {
    return JSON.parse(headerOf(headers, name) ?? '');
  } catch {
    return undefined;
  }
}
