import type { ProcessSettings } from './environment.ts';

/** The proxies that the environment names. */
export function proxiesOf({ HTTPS_PROXY: https, HTTP_PROXY: http, NO_PROXY: none }: ProcessSettings) {
  return {
    ...(https !== undefined && { https }),
    ...(http !== undefined && { http }),
    ...(none !== undefined && { none }),
  };
}

/** The same, fit for a log: without user and password. */
export function shownProxies(settings: ProcessSettings): ReturnType<typeof proxiesOf> {
  const { https, http, none } = proxiesOf(settings);
  return {
    ...(https !== undefined && { https: withoutCredentials(https) }),
    ...(http !== undefined && { http: withoutCredentials(http) }),
    ...(none !== undefined && { none }),
  };
}

function withoutCredentials(proxy: string): string {
  const { protocol, host } = new URL(proxy);
  return `${protocol}//${host}`;
}

/** Throws a text that completes "NAME …". A proxy without a scheme is one for HTTP, as curl reads it. */
export function parseProxy(text: string): string {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  // What was given may hold a password: the message doesn't repeat it.
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '' || !isDecodable(url)) {
    throw 'must be http://host:port or https://host:port, with user:password@ before the host where the proxy asks for them (special characters as %40 and so on)';
  }
  return url.href;
}

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(`${username}${password}`);
    return true;
  } catch {
    return false;
  }
}
