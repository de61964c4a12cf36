import { createHash } from 'node:crypto';
import { request } from 'undici';
import { onTestFinished } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox/graph/options.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';

export const token = 'token-of-a-test';
export const dataset = '1234567890';
/** A Sunday in November 2026. */
export const startMillis = Date.UTC(2026, 10, 22, 12);
export const startSeconds = startMillis / 1000;

interface GraphReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Undefined when the text is no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer is looked at member by member
  readonly json: any;
}

interface CallOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
}

export interface SandboxClient {
  readonly sandbox: Sandbox;
  readonly url: string;
  /** Moves the sandbox's clock. */
  pass(millis: number): void;
  call(path: string, options?: CallOptions): Promise<GraphReply>;
  /** Posts events as JSON with a valid token in the header. */
  send(events: readonly unknown[], options?: CallOptions): Promise<GraphReply>;
  fault(fault: object): Promise<GraphReply>;
}

/** A sandbox on a free port with a clock of its own; it closes with the test. */
export async function startSandbox(options: SandboxOptions = {}): Promise<SandboxClient> {
  let now = startMillis;
  const sandbox = createSandbox({ now: () => now, ...options });
  const url = await sandbox.listen();
  onTestFinished(() => sandbox.close());

  async function call(path: string, { method = 'GET', headers = {}, body, signal }: CallOptions = {}) {
    const answer = await request(`${url}${path}`, {
      method: method as 'GET',
      headers,
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, text, json: parsed(text) };
  }

  function postJson(path: string, value: unknown, options: CallOptions = {}) {
    const headers = { 'content-type': 'application/json', ...options.headers };
    return call(path, { method: 'POST', body: JSON.stringify(value), ...options, headers });
  }

  return {
    sandbox,
    url,
    pass(millis) {
      now += millis;
    },
    call,
    send: (events, options = {}) =>
      postJson(
        `/v26.0/${dataset}/events`,
        { data: events },
        { ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } },
      ),
    fault: (fault) => postJson('/_sandbox/faults', fault),
  };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A valid event; members given replace its own, undefined takes one away. */
export function event(members: object = {}): object {
  return {
    event_name: 'ViewContent',
    event_time: startSeconds,
    event_id: 'event-1',
    action_source: 'website',
    event_source_url: 'https://shop.example/',
    user_data: { em: [sha256('ada@shop.example')], client_user_agent: 'agent' },
    ...members,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
