import { ConnectorError, messageOf } from '../../core/errors.ts';
import type { Failure } from '../../core/outcome.ts';

/** What a check has found. `skipped`: it can't be told, because of what another check found. */
export type Status = 'ok' | 'warning' | 'failure' | 'skipped';

export interface Finding {
  /** What was looked at: `broker`, `web-store: dataset`. */
  readonly check: string;
  readonly status: Status;
  readonly message: string;
  /** Stable, in capitals; of warnings and failures. */
  readonly code?: string;
  readonly fix?: string;
  /** The paragraph of the documentation, from the repository's root; of warnings and failures. */
  readonly docs?: string;
}

export function ok(check: string, message: string): Finding {
  return { check, status: 'ok', message };
}

export function skipped(check: string, message: string): Finding {
  return { check, status: 'skipped', message };
}

export function failed(check: string, { code, message, fix }: Failure, docs?: string): Finding {
  return found(check, 'failure', { code, message, fix }, docs);
}

export function warned(check: string, { code, message, fix }: Failure, docs?: string): Finding {
  return found(check, 'warning', { code, message, fix }, docs);
}

/** What was thrown: a `ConnectorError` says what to do in its message. */
export function failedBy(check: string, error: unknown, docs?: string): Finding {
  const code = error instanceof ConnectorError ? error.code : 'UNEXPECTED';
  return found(check, 'failure', { code, message: messageOf(error), fix: undefined }, docs);
}

function found(
  check: string,
  status: Status,
  { code, message, fix }: { readonly code: string; readonly message: string; readonly fix: string | undefined },
  docs: string | undefined,
): Finding {
  return { check, status, code, message, ...(fix !== undefined && { fix }), ...(docs !== undefined && { docs }) };
}
