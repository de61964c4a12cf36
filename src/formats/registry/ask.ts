import { ConnectorError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import type { Failure } from '../../core/outcome.ts';

/** How to reach a registry. */
export interface RegistryAccess {
  /** Without a slash at its end. */
  readonly url: string;
  /** The header `authorization`, read for each request, so that a new token needs no restart. */
  authorization?(): string;
  readonly fetch: typeof fetch;
}

export type Reply =
  | { readonly kind: 'found'; readonly body: JsonObject; readonly text: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'away'; readonly failure: Failure };

/** Confluent's API answers in JSON; Apicurio's own with the schema itself. */
type Holds = 'json' | 'text';

const timeoutMillis = 10_000;
const maxBytes = 4 * 1024 * 1024;

/** One GET, bounded in time and in bytes. Whatever isn't an answer about the schema is `away`, with what to do. */
export async function ask(
  access: RegistryAccess,
  path: string,
  signal: AbortSignal,
  holds: Holds = 'json',
): Promise<Reply> {
  try {
    const response = await access.fetch(`${access.url}${path}`, {
      headers: {
        accept: 'application/vnd.schemaregistry.v1+json, application/json, */*',
        ...(access.authorization !== undefined && { authorization: access.authorization() }),
      },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMillis)]),
    });
    const text = await textOf(response);
    return replyOf(response, text, holds);
  } catch (error) {
    // Ours: the file of the password or token can't be read.
    if (error instanceof ConnectorError)
      return away(error.code, error.message, 'put the file there, and let the connector read it');
    // Not the error's own text: it may name the address with user and password.
    return away(
      'REGISTRY_UNREACHABLE',
      'the schema registry does not answer',
      'check SCHEMA_REGISTRY_URL and the network',
    );
  }
}

function replyOf({ status, headers }: Response, text: string | undefined, holds: Holds): Reply {
  if (status === 401 || status === 403) {
    const fix = 'check SCHEMA_REGISTRY_USERNAME and _PASSWORD, SCHEMA_REGISTRY_TOKEN or the client certificate';
    return away('REGISTRY_REFUSED', `the schema registry refuses access (HTTP ${status})`, fix);
  }
  const body = text === undefined ? undefined : jsonObject(text);
  if (status === 404 && body !== undefined) return { kind: 'unknown' };
  if (status === 200 && body !== undefined && text !== undefined) return { kind: 'found', body, text };
  if (status === 200 && holds === 'text' && text !== undefined && !isPage(headers))
    return { kind: 'found', body: {}, text };
  if (status === 200 || status === 404) {
    const fix = 'check SCHEMA_REGISTRY_URL: what answers there is a login page, a proxy or another program';
    return away('REGISTRY_ANSWER_INVALID', 'what answers is not the API of a schema registry', fix);
  }
  return away('REGISTRY_FAILED', `the schema registry answers HTTP ${status}`, 'see the log of the registry');
}

function isPage(headers: Headers): boolean {
  return headers.get('content-type')?.includes('html') === true;
}

export function away(code: string, message: string, fix: string): Extract<Reply, { kind: 'away' }> {
  return { kind: 'away', failure: { code, message, fix } };
}

/** Undefined: there is too much of it. */
async function textOf(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
