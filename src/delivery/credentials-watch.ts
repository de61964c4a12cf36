import { createHash } from 'node:crypto';
import type { Secret } from '../core/settings.ts';

export interface CredentialsWatchOptions {
  secrets(): readonly Secret[];
  /** Whether a new secret would help anybody: a lane is blocked. */
  needed(): boolean;
  /** A secret is another than it was. */
  changed(): void;
}

const tickMillis = 1_000;

/**
 * Sees that the file of a token was replaced. Looks only while a lane is blocked; tokens are read for each request
 * anyway, so that nobody waits for this one otherwise.
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

/** Of all of them; one that can't be read counts as empty. */
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
