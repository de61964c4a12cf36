import type { IncomingMessage, ServerResponse } from 'node:http';
import { safeHeaders } from '../http/guard-headers.ts';
import { foreignHost, type Refusal } from '../http/refusals.ts';
import type { OpsServerOptions } from './ops-options.ts';

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Says how the connector is. What probes and scrapers ask for needs no framework, and is answered while one is loaded. */
export interface OpsState {
  /** Undefined: it is about something else. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void> | undefined;
}

export function createOpsState({ host, alive, readiness, metrics }: OpsServerOptions): OpsState {
  const answers: Readonly<Record<string, () => Promise<Answer>>> = {
    '/livez': async () => (alive() ? json(200, { status: 'alive' }) : json(503, { status: 'dead' })),
    async '/readyz'() {
      const { reasons, degraded } = await readiness();
      const more = degraded.length > 0 ? { degraded } : {};
      if (reasons.length === 0) return json(200, { status: 'ready', ...more });
      return json(503, { status: 'not ready', reasons, ...more });
    },
    async '/metrics'() {
      const { text, contentType } = await metrics.expose();
      return { status: 200, contentType, text };
    },
  };

  async function send(request: IncomingMessage, response: ServerResponse, of: () => Promise<Answer>): Promise<void> {
    const { method = '', url = '', headers } = request;
    const refusal = foreignHost({ method, url, headers }, host);
    const { status, contentType, text } = refusal === undefined ? await of() : refused(refusal);
    response.writeHead(status, {
      ...safeHeaders,
      'content-type': contentType,
      'content-length': Buffer.byteLength(text),
    });
    response.end(method === 'HEAD' ? undefined : text);
  }

  return {
    answer(request, response) {
      const { method, url = '' } = request;
      const path = url.split('?', 1)[0] ?? '';
      if ((method !== 'GET' && method !== 'HEAD') || !Object.hasOwn(answers, path)) return undefined;
      const of = answers[path];
      return of && send(request, response, of);
    },
  };
}

function json(status: number, body: object): Answer {
  return { status, contentType: 'application/json; charset=utf-8', text: JSON.stringify(body) };
}

function refused({ status, error }: Refusal): Answer {
  return json(status, { error });
}
