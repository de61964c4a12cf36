import { feedsAudiences, type Subscription } from './subscription.ts';

/** A version of Meta's API serves conversions by the schedule of the Graph API, and audiences by that of the Marketing API. */
export type Api = 'graph' | 'marketing';

interface ApiVersion {
  readonly version: string;
  readonly released: string;
  /** The day from which on Meta refuses calls; absent: it has named none. */
  readonly ends: { readonly [A in Api]?: string };
}

/**
 * The newest first, as Meta's versions page and its announcements have them on 2026-11-29 (Meta: Graph API changelog,
 * versions; Marketing API, versioning). A new version goes on top, and its predecessors get the ends that Meta names with
 * it.
 */
export const apiVersions = [
  { version: 'v27.0', released: '2026-11-04', ends: {} },
  { version: 'v26.0', released: '2026-07-29', ends: {} },
  { version: 'v25.0', released: '2026-02-18', ends: { marketing: '2027-02-23', graph: '2028-07-29' } },
  { version: 'v24.0', released: '2025-10-08', ends: { marketing: '2026-11-10', graph: '2028-02-18' } },
  { version: 'v23.0', released: '2025-05-29', ends: { marketing: '2026-06-09' } },
  { version: 'v22.0', released: '2025-01-21', ends: {} },
] as const satisfies readonly ApiVersion[];

export const newestApiVersion = apiVersions[0].version;

/** What is left of a version for one of the two APIs. */
export interface VersionLife {
  readonly api: Api;
  /** `2027-02-23`: from then on Meta refuses it. */
  readonly end: string;
  /** Whole days; 0 or less: it has ended. */
  readonly daysLeft: number;
}

const dayMillis = 24 * 3_600_000;

/** Undefined where no end is known: neither its own nor, at the latest, that of a newer version. */
export function lifeOf(version: string, api: Api, now: number): VersionLife | undefined {
  const number = numberOf(version);
  const ends = (apiVersions as readonly ApiVersion[]).flatMap((row) =>
    numberOf(row.version) >= number ? (row.ends[api] ?? []) : [],
  );
  const [end] = ends.toSorted();
  return end === undefined ? undefined : { api, end, daysLeft: Math.ceil((Date.parse(end) - now) / dayMillis) + 0 };
}

/** The APIs that these subscriptions call. */
export function apisOf(subscriptions: readonly Pick<Subscription, 'action'>[]): readonly Api[] {
  const marketing = subscriptions.some(feedsAudiences);
  const graph = !subscriptions.every(feedsAudiences);
  return [...(graph ? ['graph' as const] : []), ...(marketing ? ['marketing' as const] : [])];
}

/** Days before the end at which somebody is told; 0: it has come. */
const warnDays = [90, 30, 7, 0];

/** The last of the days that are told which has come; undefined: none yet. */
export function warningOf({ daysLeft }: VersionLife): number | undefined {
  return warnDays.findLast((days) => daysLeft <= days);
}

/** What a person is told, and what they can do. */
export function endingText(version: string, { api, end, daysLeft }: VersionLife): { message: string; fix: string } {
  const calls = api === 'graph' ? 'conversions' : 'calls about audiences';
  const when = daysLeft <= 0 ? `since ${end}` : `from ${end} on, in ${daysLeft} ${daysLeft === 1 ? 'day' : 'days'}`;
  return {
    message: `Meta takes no ${calls} with "api_version" ${version} ${when}`,
    fix: `set "api_version" to ${newestApiVersion}, or leave it out`,
  };
}

/** `v26.0` as a number that is greater for a newer one. */
function numberOf(version: string): number {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number);
  return major * 1_000 + minor;
}
