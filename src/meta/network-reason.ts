import { own } from '../core/json.ts';
import type { FailedReply, NetworkReason } from './graph-reply.ts';

const reasons: Readonly<Record<string, NetworkReason>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  ECONNREFUSED: 'connect',
  EHOSTUNREACH: 'connect',
  EHOSTDOWN: 'connect',
  ENETUNREACH: 'connect',
  ENETDOWN: 'connect',
  EADDRNOTAVAIL: 'connect',
  UND_ERR_CONNECT_TIMEOUT: 'connect',
  UND_ERR_PRX_CONN: 'connect',
  UND_ERR_PRX_TLS: 'tls',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_ABORTED: 'aborted',
  UND_ERR_CLOSED: 'aborted',
  UND_ERR_DESTROYED: 'aborted',
};

/** OpenSSL's verdicts on a certificate, as Node names them. */
const certificateCodes = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA)/;

/**
 * What went wrong, from whatever undici rejected with. Anything unknown is a `reset`: the careful reading, since a
 * request that was already sent then counts as one that Meta may have.
 */
export function failedReply(error: unknown, sent: boolean): FailedReply {
  const code = codeOf(error);
  const base = { kind: 'failed', sent } as const;
  return code === undefined
    ? { ...base, reason: 'reset' }
    : { ...base, reason: reasonOf(code, sent), cause: safeCode(code) };
}

/**
 * The proxy answered that it does not let the request through: undici tells its status in the message alone. Meta has
 * seen nothing of the request.
 */
export function proxyRefusal(error: unknown): FailedReply | undefined {
  const message = error instanceof Error ? error.message : '';
  const [, tunnel, plain] = /^Proxy response \((\d{3})\)|^Proxy Authentication Required \((407)\)$/.exec(message) ?? [];
  const status = Number(tunnel ?? plain ?? Number.NaN);
  if (Number.isNaN(status)) return undefined;
  // A gateway's 5xx passes by itself; what it says besides is for people to settle.
  return { kind: 'failed', sent: false, reason: status >= 500 ? 'connect' : 'proxy', cause: `HTTP_${status}` };
}

function reasonOf(code: string, sent: boolean): NetworkReason {
  if (code === 'ETIMEDOUT') return sent ? 'timeout' : 'connect';
  if (!sent && certificateCodes.test(code)) return 'tls';
  return (Object.hasOwn(reasons, code) ? reasons[code] : undefined) ?? 'reset';
}

/** The code of the error, of its cause, or (several addresses were tried) of the first of its errors. */
function codeOf(error: unknown): string | undefined {
  const errors = own(error, 'errors');
  const first = Array.isArray(errors) ? errors[0] : undefined;
  for (const candidate of [error, own(error, 'cause'), first]) {
    const code = candidate instanceof Error ? Reflect.get(candidate, 'code') : undefined;
    if (typeof code === 'string') return code;
  }
  return undefined;
}

function safeCode(code: string): string {
  return code.replace(/[^A-Z0-9_]/g, '').slice(0, 60);
}
