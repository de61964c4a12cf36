import { createHash } from 'node:crypto';
import type { Secret } from '../core/settings.ts';

export interface CredentialsWatchOptions {
  secrets(): readonly Secret[];
  /** A new secret could help, because a lane is blocked. */
  needed(): boolean;
  /** A secret has changed. */
  changed(): void;
}

const tickMillis = 1_000;

/**
 * Notices that the file of a token was replaced. It checks only while a lane is blocked: tokens are read for each
 * request anyway, so at other times nobody waits for a new one.
 */
export function createCredentialsWatch({ secrets, needed, changed }: CredentialsWatchOptions) {
  let seen = '';
  let timer: NodeJS.Timeout | undefined;

  function tick(): void {
    if (!needed()) {
      seen = '';
      return;
    }
    const now = fingerprintOf(secrets());
    if (seen !== '' && seen !== now) changed();
    seen = now;
  }

  return {
    start() {
      timer = setInterval(tick, tickMillis);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}

/** Of all secrets together; one that can't be read counts as empty. */
function fingerprintOf(secrets: readonly Secret[]): string {
  const hash = createHash('sha256');
  for (const secret of secrets) hash.update(readable(secret)).update('\n');
  return hash.digest('hex');
}

function readable(secret: Secret): string {
  try {
    return secret.read();
  } catch {
    return '';
  }
}
