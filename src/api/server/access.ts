import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { OpsAccess } from '../../config/ops.ts';
import type { Telemetry } from '../../core/ports.ts';

/** Somebody who was let in. */
export interface Caller {
  /** As audit lines name them. */
  readonly who: string;
  /** May change things. */
  readonly changes: boolean;
}

export interface AskedHeaders {
  readonly authorization?: string | undefined;
  readonly 'x-meta-actions-token'?: string | readonly string[] | undefined;
}

/** What was refused: 401: no token or a wrong one; 403: the token would not help. */
export interface Denied {
  readonly status: 401 | 403;
  readonly code: string;
  readonly error: string;
  readonly fix: string;
}

/** Who may do what. */
export interface Access {
  /** To be sent with every request that changes something; a page of another origin can't know it. */
  readonly pageToken: string;
  readonly showIdentifiers: boolean;
  /** Whether a request is let in at all, and as whom. */
  enter(headers: AskedHeaders): Caller | Denied;
  /** Why they may not change anything by this request; undefined: they may. */
  denied(headers: AskedHeaders): Denied | undefined;
}

const pageTokenHeader = 'x-meta-actions-token';

/**
 * On loopback whoever is on this machine may read. Elsewhere everybody needs the token of the settings, as a Bearer token
 * or as the password of Basic, whose user is then taken for the name. A browser sends Basic by itself, so that changes need the
 * page's own token unless a Bearer token comes along.
 */
export function createAccess({ loopback, token, showIdentifiers }: OpsAccess): Access {
  const pageToken = randomBytes(24).toString('base64url');

  /** Undefined: there is none, or its file is gone for the moment. */
  function expected(): string | undefined {
    try {
      return token?.read();
    } catch {
      return undefined;
    }
  }

  function holder(headers: AskedHeaders): { readonly who: string; readonly bearer: boolean } | undefined {
    const given = credentialsOf(headers.authorization);
    const known = given && expected();
    if (given === undefined || known === undefined || !isSame(given.token, known)) return undefined;
    return { who: given.user, bearer: given.bearer };
  }

  function enter(headers: AskedHeaders): Caller | Denied {
    const { who, bearer = false } = holder(headers) ?? {};
    const changes = bearer || hasPageToken(headers);
    if (who !== undefined) return { who, changes };
    if (loopback) return { who: 'somebody on this machine', changes };
    return expected() === undefined ? notServed : unknownCaller;
  }

  function hasPageToken(headers: AskedHeaders): boolean {
    const given = headers[pageTokenHeader];
    return typeof given === 'string' && isSame(given, pageToken);
  }

  return {
    pageToken,
    showIdentifiers,
    enter,
    denied(headers) {
      const caller = enter(headers);
      if ('status' in caller) return caller;
      return caller.changes ? undefined : withoutPageToken;
    },
  };
}

/** Whoever starts it should hear of it before somebody opens the page. */
export function warnUnlessServed({ loopback, token }: OpsAccess, host: string, telemetry: Telemetry): void {
  if (loopback || token !== undefined) return;
  const message = `the console and its API are not served on ${host}: set OPS_TOKEN or OPS_TOKEN_FILE`;
  telemetry.emit({ kind: 'warning', code: 'OPS_TOKEN_NEEDED', message });
}

const notServed: Denied = {
  status: 403,
  code: 'OPS_TOKEN_NEEDED',
  error: 'the console and its API are served on this address only with a token',
  fix: 'set OPS_TOKEN or OPS_TOKEN_FILE, or OPS_HOST to 127.0.0.1',
};

const unknownCaller: Denied = {
  status: 401,
  code: 'OPS_TOKEN_WRONG',
  error: 'the token is missing or wrong',
  fix: 'send Authorization: Bearer TOKEN, or Basic with the token as the password',
};

const withoutPageToken: Denied = {
  status: 403,
  code: 'PAGE_TOKEN_NEEDED',
  error: "what changes something needs the page's own token",
  fix: `send the token of /api/v1/session as the header ${pageTokenHeader}`,
};

const longestName = 60;

function credentialsOf(
  authorization = '',
): { readonly token: string; readonly user: string; readonly bearer: boolean } | undefined {
  const [, scheme = '', value = ''] = /^(bearer|basic) +(\S+)$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return { token: value, user: 'holder of OPS_TOKEN', bearer: true };
  if (scheme === '') return undefined;
  const [, user = '', token = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, 'base64').toString('utf8')) ?? [];
  return { token, user: nameOf(user), bearer: false };
}

/** A name that is safe in a log line. */
function nameOf(user: string): string {
  const name = user.replace(/[^\p{L}\p{N}._ -]/gu, '').slice(0, longestName);
  return name === '' ? 'holder of OPS_TOKEN' : name;
}

/** In a time that tells nothing of where they differ. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
