import { Option } from 'commander';
import { readSettings } from '../../config/environment.ts';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import { own } from '../../core/json.ts';

export interface OpsApiOptions {
  readonly url: string;
}

/** `--url`, for the commands that ask a running connector. */
export function opsUrlOption(): Option {
  return new Option('--url <address>', 'the ops port of the connector').default('http://127.0.0.1:9464');
}

/** What a running connector answers; OPS_TOKEN is sent along if it is set. Throws what it says when it refuses. */
export async function askOpsApi({ url }: OpsApiOptions, path: string, signal?: AbortSignal): Promise<Response> {
  const { OPS_TOKEN: token } = readSettings(process.env);
  let answer: Response;
  try {
    answer = await fetch(new URL(`/api/v1${path}`, url), {
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
      ...(signal !== undefined && { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ConnectorError(
      'OPS_UNREACHABLE',
      `no connector answers at ${url} (${messageOf(error)}): give its ops port with --url`,
    );
  }
  if (answer.ok) return answer;
  const body: unknown = await answer.json().catch(() => undefined);
  const fix = own(body, 'fix');
  const reason = String(own(body, 'error') ?? `HTTP ${answer.status}`);
  throw new ConnectorError('OPS_REFUSED', `${url}: ${reason}${typeof fix === 'string' ? `: ${fix}` : ''}`);
}
