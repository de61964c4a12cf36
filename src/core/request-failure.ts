/** Why a request got no answer, as a code: the text of the error may hold the address, or what was sent, and either may be a secret. */
export function requestFailure(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  if (error.name === 'TimeoutError') return 'TIMEOUT';
  for (const candidate of [error.cause, error]) {
    const code: unknown = candidate instanceof Error ? Reflect.get(candidate, 'code') : undefined;
    if (typeof code === 'string') return code.replace(/[^A-Z0-9_]/g, '').slice(0, 60);
  }
  return 'UNREACHABLE';
}
