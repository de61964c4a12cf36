import { newestApiVersion } from '../../core/api-versions.ts';
import { ConnectorError } from '../../core/errors.ts';
import type { Random } from '../../core/ports.ts';
import { type TokenFacts, tokenFactsOf } from './token-facts.ts';

/** How a sandbox behaves; all of it optional. Sizes are bounds: the oldest goes first, counters keep counting. */
export interface SandboxOptions {
  /** Unix milliseconds; the machine's clock unless given. */
  readonly now?: () => number;
  readonly random?: Random;
  /** The only valid tokens. Absent: every well-formed one (eight or more printable characters) is valid. */
  readonly tokens?: readonly string[];
  /** Tokens that answer 190/463. */
  readonly expiredTokens?: readonly string[];
  /** By token: what is not as usual, a system user's with the scopes for everything. */
  readonly tokenFacts?: Readonly<Record<string, Partial<TokenFacts>>>;
  /** Every request must carry the appsecret_proof made with it. */
  readonly appSecret?: string;
  /** The only datasets that the tokens can reach. Absent: any digits. */
  readonly datasets?: readonly string[];
  /** The only ad accounts, without `act_`. Absent: any digits. */
  readonly adAccounts?: readonly string[];
  /** Custom Audiences that exist from the start. */
  readonly audiences?: readonly GivenAudience[];
  /** Oldest and newest Graph API version, like `19.0`. */
  readonly minVersion?: string;
  readonly maxVersion?: string;
  /** Oldest version of calls about ad accounts and audiences, which Meta ends earlier (minVersion). */
  readonly minMarketingVersion?: string;
  /** Refuse identifiers that should be hashed and aren't, instead of counting them. */
  readonly strictIdentifiers?: boolean;
  /** Refuse events without action_source. */
  readonly requireActionSource?: boolean;
  /** Requests that are remembered (1,000). */
  readonly keepRequests?: number;
  /** Bytes of request bodies that are remembered, over all requests (64 MiB). */
  readonly keepRequestBytes?: number;
  /** Events that are remembered whole (10,000). */
  readonly keepEvents?: number;
  /** Event ids that are remembered with their counts (5,000,000). */
  readonly keepEventIds?: number;
  /** Keys of the users of audiences that are remembered: an external id, an e-mail, a phone … each (15,000,000). */
  readonly keepMemberKeys?: number;
  /** A larger request answers 413 (64 MiB). */
  readonly maxBodyBytes?: number;
}

/** What an audience is made of. Times are Unix seconds, as Meta gives them. */
export interface AudienceProperties {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly subtype: string;
  readonly description: string;
  readonly customerFileSource: string;
  /** 0: they never expire. */
  readonly retentionDays: number;
  readonly isValueBased: boolean;
  readonly optOutLink: string;
  readonly labels: readonly string[];
}

/** An audience of the options: a customer list unless it says otherwise. */
export type GivenAudience = Pick<AudienceProperties, 'id' | 'accountId'> & Partial<AudienceProperties>;

export interface Version {
  readonly major: number;
  readonly minor: number;
}

/** The options with every default filled in. */
export interface SandboxRules {
  readonly now: () => number;
  readonly random: Random;
  readonly tokens: ReadonlySet<string> | undefined;
  readonly expiredTokens: ReadonlySet<string>;
  readonly tokenFacts: (token: string | undefined) => TokenFacts;
  readonly appSecret: string | undefined;
  readonly datasets: ReadonlySet<string> | undefined;
  readonly adAccounts: ReadonlySet<string> | undefined;
  readonly audiences: readonly GivenAudience[];
  readonly minVersion: Version;
  readonly maxVersion: Version;
  readonly minMarketingVersion: Version;
  readonly strictIdentifiers: boolean;
  readonly requireActionSource: boolean;
  readonly keepRequests: number;
  readonly keepRequestBytes: number;
  readonly keepEvents: number;
  readonly keepEventIds: number;
  readonly keepMemberKeys: number;
  readonly maxBodyBytes: number;
}

const mebibyte = 1024 * 1024;

/** Fills in the defaults. Throws `SANDBOX_OPTION` for a version or a bound that makes no sense. */
export function sandboxRules(options: SandboxOptions): SandboxRules {
  const minVersion = options.minVersion ?? '19.0';
  return {
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
    tokens: options.tokens === undefined ? undefined : new Set(options.tokens),
    expiredTokens: new Set(options.expiredTokens),
    tokenFacts: tokenFactsOf(options.tokenFacts),
    appSecret: options.appSecret,
    datasets: options.datasets === undefined ? undefined : new Set(options.datasets),
    adAccounts: options.adAccounts === undefined ? undefined : new Set(options.adAccounts),
    audiences: givenAudiences(options.audiences ?? []),
    minVersion: versionOption('minVersion', minVersion),
    maxVersion: versionOption('maxVersion', options.maxVersion ?? newestApiVersion),
    minMarketingVersion: versionOption('minMarketingVersion', options.minMarketingVersion ?? minVersion),
    strictIdentifiers: options.strictIdentifiers ?? false,
    requireActionSource: options.requireActionSource ?? false,
    keepRequests: bound('keepRequests', options.keepRequests ?? 1000),
    keepRequestBytes: bound('keepRequestBytes', options.keepRequestBytes ?? 64 * mebibyte),
    keepEvents: bound('keepEvents', options.keepEvents ?? 10_000),
    keepEventIds: bound('keepEventIds', options.keepEventIds ?? 5_000_000),
    keepMemberKeys: bound('keepMemberKeys', options.keepMemberKeys ?? 15_000_000),
    maxBodyBytes: bound('maxBodyBytes', options.maxBodyBytes ?? 64 * mebibyte),
  };
}

/** `v26.0` or `26.0`; undefined for anything else. */
export function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d{1,3})\.(\d{1,3})$/.exec(text);
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

/** Below zero when `a` is the older one. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor;
}

function givenAudiences(audiences: readonly GivenAudience[]): readonly GivenAudience[] {
  const wrong = audiences.find(({ id, accountId }) => !/^\d+$/.test(id) || !/^\d+$/.test(accountId));
  if (wrong === undefined) return audiences;
  const found = `"${wrong.id}" and "${wrong.accountId}"`;
  throw new ConnectorError(
    'SANDBOX_OPTION',
    `sandbox option audiences: id and accountId must be digits, found ${found}`,
  );
}

function versionOption(name: string, text: string): Version {
  const version = parseVersion(text);
  if (version !== undefined) return version;
  throw new ConnectorError('SANDBOX_OPTION', `sandbox option ${name}: expected a version like 26.0, found "${text}"`);
}

function bound(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new ConnectorError('SANDBOX_OPTION', `sandbox option ${name}: expected a positive integer, found ${value}`);
}
