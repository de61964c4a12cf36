import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from '../core/loopback.ts';

/** What of a request decides whether it is let in. */
export interface Asked {
  readonly method: string;
  /** As it came, undecoded. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Refusal {
  readonly status: 400 | 403 | 415;
  /** Repeats nothing of the request. */
  readonly error: string;
}

/**
 * A page of any website may send its visitor's browser to this machine, and a name of its own may resolve to it (DNS
 * rebinding): only then would it read the answer. A server bound to loopback is asked for by the names of loopback alone.
 */
export function foreignHost({ headers }: Asked, boundTo: string): Refusal | undefined {
  if (!isLoopback(boundTo)) return undefined;
  const [, name = ''] = /^(\[[\da-f:.]+\]|[^\s:/@\\?#]+)(?::\d{1,5})?$/i.exec(headers.host ?? '') ?? [];
  if (isLoopback(name)) return undefined;
  return {
    status: 403,
    error: 'this server answers on this machine only: Host must be localhost or a loopback address',
  };
}

/** A call that changes something comes from our own page, or from no page at all. */
export function foreignOrigin({ method, headers }: Asked): Refusal | undefined {
  if (onlyReads(method)) return undefined;
  const { origin, host = '' } = headers;
  const site = headers['sec-fetch-site'];
  const isOwn = origin === undefined || isOriginOf(origin.toLowerCase(), host.toLowerCase());
  if (isOwn && site !== 'cross-site' && site !== 'same-site') return undefined;
  return { status: 403, error: 'pages of another origin may change nothing here' };
}

/** What a form or a script of another origin can send without being asked first (CORS, "simple requests") isn't JSON. */
export function otherThanJson({ method, headers }: Asked): Refusal | undefined {
  if (onlyReads(method) || method === 'DELETE') return undefined;
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') return undefined;
  return { status: 415, error: 'what changes something needs the header content-type: application/json' };
}

export const longestPath = 2048;

/**
 * A path that another reader of it (a proxy, a file system, a log) may understand in another way. A part of it may be any name, with
 * slashes, backslashes and dots, as long as what of these would divide the path is encoded: nobody here reads a part as a path.
 */
export function oddPath({ url }: Asked): Refusal | undefined {
  const [path = ''] = url.split('?', 1);
  const isPlain =
    path.length <= longestPath && path.startsWith('/') && !/\\|\/\//.test(path) && path.split('/').every(isPlainPart);
  return isPlain ? undefined : { status: 400, error: 'the path is not one that can be asked for' };
}

function isPlainPart(part: string): boolean {
  try {
    const name = decodeURIComponent(part);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    return name !== '.' && name !== '..' && !/[\u0000-\u001f\u007f]/.test(name);
  } catch {
    return false;
  }
}

/** As browsers write an origin: scheme, host, and the port where it isn't the scheme's own. A proxy may speak TLS for us. */
function isOriginOf(origin: string, host: string): boolean {
  return origin === `http://${host}` || origin === `https://${host}`;
}

function onlyReads(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
