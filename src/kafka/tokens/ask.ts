import { ConnectorError } from '../../core/errors.ts';
import { requestFailure } from '../../core/request-failure.ts';

/** Node's own, or one that goes through proxies. */
export type Fetch = typeof fetch;

export interface Asked {
  /** Who is asked, for error messages: `the token endpoint (KAFKA_OAUTH_TOKEN_URL)`. */
  readonly what: string;
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly fetch?: Fetch;
}

/** Shorter than the time that the Kafka client allows for an authentication. */
export const timeoutMillis = 2_500;

/**
 * The text of the answer. Rejects with the `ConnectorError` `KAFKA_TOKEN`, which never quotes what was sent or
 * answered.
 */
export async function ask({
  what,
  url,
  method = 'GET',
  headers = {},
  body,
  fetch: send = fetch,
}: Asked): Promise<string> {
  let response: Response;
  let text: string;
  try {
    const signal = AbortSignal.timeout(timeoutMillis);
    response = await send(url, { method, headers, signal, redirect: 'error', ...(body !== undefined && { body }) });
    text = await response.text();
  } catch (error) {
    throw noToken(`${what} can't be reached: ${requestFailure(error)}`);
  }
  if (response.ok) return text;
  throw noToken(`${what} answered ${response.status}`);
}

/** As `ask`, of a JSON object. */
export async function askJson(asked: Asked): Promise<Readonly<Record<string, unknown>>> {
  const text = await ask(asked);
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null) return json as Record<string, unknown>;
  } catch {
    // The parser's message would quote the text.
  }
  throw noToken(`${asked.what} answered something that is no JSON object`);
}

export function noToken(message: string): ConnectorError {
  return new ConnectorError('KAFKA_TOKEN', `No token for Kafka: ${message}`);
}
