import type { Command } from 'commander';
import { readSettings } from '../../config/environment.ts';
import { opsAccessOf } from '../../config/ops.ts';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import { own } from '../../core/json.ts';
import { surroundings } from './surroundings.ts';

export interface OpsApiOptions {
  readonly url: string;
  readonly token?: string;
}

/** The options of the commands that ask a running connector. */
export function withOpsOptions(command: Command): Command {
  return command
    .option('--url <address>', 'the ops port of the connector', 'http://127.0.0.1:9464')
    .option(
      '--token <token>',
      'its OPS_TOKEN; others on this machine may see it here: set OPS_TOKEN or OPS_TOKEN_FILE',
    );
}

/** What a running connector answers. Throws what it says when it refuses. */
export async function askOpsApi({ url, token }: OpsApiOptions, path: string, signal: AbortSignal): Promise<Response> {
  const bearer = token ?? opsAccessOf(readSettings(surroundings().environment)).token?.read();
  let answer: Response;
  try {
    answer = await fetch(new URL(`/api/v1${path}`, url.includes('://') ? url : `http://${url}`), {
      ...(bearer !== undefined && { headers: { authorization: `Bearer ${bearer}` } }),
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw unreachable(url, error);
  }
  if (answer.ok) return answer;
  const body: unknown = await answer.json().catch(() => undefined);
  const fix = own(body, 'fix');
  const reason = String(own(body, 'error') ?? `HTTP ${answer.status}`);
  throw new ConnectorError('OPS_REFUSED', `${url}: ${reason}${typeof fix === 'string' ? `: ${fix}` : ''}`);
}

/** @param error Undefined: the connection ended in order. */
export function opsGone(url: string, error?: unknown): ConnectorError {
  const reason = error === undefined ? '' : ` (${reasonOf(error)})`;
  return new ConnectorError('OPS_GONE', `the connector at ${url} has gone, or wants this reader no longer${reason}`);
}

function unreachable(url: string, error: unknown): ConnectorError {
  const message = `no connector answers at ${url} (${reasonOf(error)}): give its ops port with --url`;
  return new ConnectorError('OPS_UNREACHABLE', message);
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  return messageOf(error instanceof Error ? (error.cause ?? error) : error);
}
