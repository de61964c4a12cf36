import type { Clock } from '../../core/ports.ts';
import type { Secret } from '../../core/settings.ts';
import { askJson, type Fetch, noToken } from './ask.ts';
import { refreshing } from './refreshing.ts';

export interface ClientCredentials {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly scope?: string;
  readonly fetch?: Fetch;
}

const endpoint = 'the token endpoint (KAFKA_OAUTH_TOKEN_URL)';
/** Of a token whose endpoint doesn't say how long it lives. */
const unknownLifeSeconds = 60;
/**
 * The part of its life for which a token is used, if as much is left as kafkajs needs: it authenticates again 10 s
 * before the end.
 */
const usedShare = 0.8;
const leftSeconds = 20;

/**
 * Tokens of an OAuth 2.0 endpoint by the grant of client credentials (RFC 6749, 4.4), each used for most of its life.
 */
export function createClientCredentialsToken(
  options: ClientCredentials,
  clock: Pick<Clock, 'monotonic'>,
): () => Promise<string> {
  const { url, clientId, clientSecret, scope, fetch } = options;
  return refreshing(async () => {
    const user = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret.read())}`;
    const answer = await askJson({
      what: endpoint,
      url,
      ...(fetch !== undefined && { fetch }),
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(user).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: String(new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== undefined && { scope }) })),
    });
    const token = answer['access_token'];
    if (typeof token !== 'string' || token === '') throw noToken(`${endpoint} answered without an access_token`);
    const lifeSeconds = Number(answer['expires_in'] ?? unknownLifeSeconds);
    const usedSeconds = Math.min(lifeSeconds * usedShare, lifeSeconds - leftSeconds);
    return { value: token, forMillis: usedSeconds * 1_000 };
  }, clock);
}
