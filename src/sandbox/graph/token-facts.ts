/** What Meta says of a token to whoever may ask (debug_token). */
export interface TokenFacts {
  readonly type: 'SYSTEM_USER' | 'USER' | 'PAGE' | 'APP';
  readonly scopes: readonly string[];
  /** Unix seconds; 0: never. */
  readonly expiresAt: number;
  /** When a person's permission ends, also with a token that lives on; 0: never. */
  readonly dataAccessExpiresAt: number;
  readonly appId: string;
  readonly application: string;
  /** False: its app says nothing of it, as that of the Events Manager. */
  readonly tellsOfItself: boolean;
}

const usualToken: TokenFacts = {
  type: 'SYSTEM_USER',
  scopes: ['ads_management', 'ads_read', 'business_management', 'read_ads_dataset_quality'],
  expiresAt: 0,
  dataAccessExpiresAt: 0,
  appId: '100000000000001',
  application: 'Connector',
  tellsOfItself: true,
};

/** The facts of each token: what is said of it, and else the usual. */
export function tokenFactsOf(
  said: Readonly<Record<string, Partial<TokenFacts>>> = {},
): (token: string | undefined) => TokenFacts {
  const known = new Map(Object.entries(said));
  return (token) => ({ ...usualToken, ...(token === undefined ? {} : known.get(token)) });
}

/** Ad accounts and audiences are looked at with ads_read, and changed with ads_management alone (Meta: permissions). */
export function mayUseAdAccounts({ scopes }: TokenFacts, method: string): boolean {
  return scopes.includes('ads_management') || (method === 'GET' && scopes.includes('ads_read'));
}

/** Dataset quality is told with the scope of the Events Manager's tokens, or with those of the Marketing API. */
export function readsDatasetQuality({ scopes }: TokenFacts): boolean {
  const has = (scope: string) => scopes.includes(scope);
  return has('read_ads_dataset_quality') || (has('ads_read') && (has('ads_management') || has('business_management')));
}
