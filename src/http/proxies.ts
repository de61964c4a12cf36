import { Agent, EnvHttpProxyAgent, fetch as fetchBy, Pool, type Dispatcher } from 'undici';

/** The proxies of this process, by what they are for, as undici reads the variables of the same names. */
export interface Proxies {
  /** HTTPS_PROXY */
  readonly https?: string;
  /** HTTP_PROXY; for https too where there is no HTTPS_PROXY. */
  readonly http?: string;
  /** NO_PROXY */
  readonly none?: string;
}

export interface ConnectionOptions {
  /** Sockets at most, each with one request at a time. */
  readonly connections: number;
  readonly connectTimeoutMillis: number;
  /** From the request to the answer's head, and between parts of it. */
  readonly timeoutMillis: number;
}

/** Keep-alive connections to one origin, through a proxy if that is for it. */
export function createConnections(origin: string, options: ConnectionOptions, proxies: Proxies = {}): Dispatcher {
  const { connections, connectTimeoutMillis, timeoutMillis } = options;
  const pool = {
    connections,
    // One request per socket: a slow batch must not delay the answers of others.
    allowH2: false,
    pipelining: 1,
    headersTimeout: timeoutMillis,
    bodyTimeout: timeoutMillis,
    keepAliveTimeout: 10_000,
  };
  if (!isSet(proxies)) return new Pool(origin, { ...pool, connect: { timeout: connectTimeoutMillis } });
  return proxyAgent(proxies, connectTimeoutMillis, pool);
}

/** PEM texts: who is trusted, and who we are. */
export interface ClientTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** `fetch` through the proxies, for requests of which there are few. */
export function createFetch(proxies: Proxies, connectTimeoutMillis: number, tls?: ClientTls): typeof fetch {
  if (!isSet(proxies) && tls === undefined) return fetch;
  const dispatcher = isSet(proxies)
    ? proxyAgent(proxies, connectTimeoutMillis, { allowH2: false }, tls)
    : new Agent({ allowH2: false, connect: { timeout: connectTimeoutMillis, ...tls } });
  // The types of Node's own fetch and of undici's say the same in other words.
  return ((input: string, init: object) => fetchBy(input, { ...init, dispatcher })) as unknown as typeof fetch;
}

function isSet({ https, http }: Proxies): boolean {
  return https !== undefined || http !== undefined;
}

function proxyAgent(
  { https = '', http = '', none = '' }: Proxies,
  connectTimeout: number,
  pool: Pool.Options,
  tls?: ClientTls,
) {
  return new EnvHttpProxyAgent({
    ...pool,
    // Given, even if empty: the environment is read in one place only.
    httpsProxy: https,
    httpProxy: http,
    noProxy: none,
    connectTimeout,
    ...(tls !== undefined && { requestTls: tls, connect: tls }),
    // A proxy that takes the connection and never answers CONNECT would otherwise hold each socket for five minutes.
    clientFactory: (proxy, options) => new Pool(proxy, { ...options, headersTimeout: connectTimeout }),
  });
}
