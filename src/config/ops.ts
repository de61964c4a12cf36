import { isLoopback } from '../core/loopback.ts';
import type { Secret } from '../core/settings.ts';
import type { ProcessSettings } from './environment.ts';
import { secretOf } from './secret.ts';

/** Who may use the API on the ops port. */
export interface OpsAccess {
  /** The ops server listens on this machine alone. */
  readonly loopback: boolean;
  /** Absent: there is none, and on another address than loopback the API isn't served. */
  readonly token?: Secret;
  /** Identifiers of people may be shown to those who ask for it. */
  readonly showIdentifiers: boolean;
}

/** @throws ConnectorError `SECRET_MISSING` when `OPS_TOKEN_FILE` can't be read. */
export function opsAccessOf({ OPS_HOST, OPS_TOKEN, OPS_TOKEN_FILE, OPS_SHOW_IDENTIFIERS }: ProcessSettings): OpsAccess {
  const loopback = isLoopback(OPS_HOST);
  const showIdentifiers = OPS_SHOW_IDENTIFIERS === 'true';
  if (OPS_TOKEN === undefined && OPS_TOKEN_FILE === undefined) return { loopback, showIdentifiers };
  const reference = OPS_TOKEN_FILE === undefined ? { $env: 'OPS_TOKEN' } : { $file: OPS_TOKEN_FILE };
  const token = secretOf(reference, '.', { OPS_TOKEN });
  token.read();
  return { loopback, token, showIdentifiers };
}
