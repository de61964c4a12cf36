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
