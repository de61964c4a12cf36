import { expect } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox/graph/options.ts';
import { type SandboxClient, sha256, startSandbox, token } from './sandbox-client.ts';

export const account = '77';
export const audienceId = '120200000000999001';

/** Rows of an external id and an e-mail. */
export const schema = ['EXTERN_ID', 'EMAIL'];

type Reply = Awaited<ReturnType<SandboxClient['call']>>;

export interface AudienceClient extends SandboxClient {
  /** Calls the Graph API with a valid token; a body goes as JSON. The path is without version. */
  graph(method: string, path: string, body?: unknown): Promise<Reply>;
  /** Posts to an endpoint under `/_sandbox` and expects it to be accepted. */
  admin(path: string, body: object): Promise<Reply>;
  add(data: unknown, session?: object): Promise<Reply>;
  remove(data: unknown, session?: object): Promise<Reply>;
  replace(data: unknown, session?: object): Promise<Reply>;
  members(id?: string): string[];
}

/** A sandbox with one empty customer list. */
export async function startAudiences(options: SandboxOptions = {}): Promise<AudienceClient> {
  const audiences = [{ id: audienceId, accountId: account, name: 'Customers' }];
  const client = await startSandbox({ audiences, ...options });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

  function graph(method: string, path: string, body?: unknown) {
    return client.call(`/v26.0${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  function upload(method: string, edge: string) {
    return (data: unknown, session?: object) => {
      const body = { payload: { schema, data }, ...(session === undefined ? {} : { session }) };
      return graph(method, `/${audienceId}/${edge}`, body);
    };
  }

  return {
    ...client,
    graph,
    async admin(path, body) {
      const reply = await client.call(`/_sandbox${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      expect(reply.status).toBe(200);
      return reply;
    },
    add: upload('POST', 'users'),
    remove: upload('DELETE', 'users'),
    replace: upload('POST', 'usersreplace'),
    members: (id = audienceId) => [...client.sandbox.state.members(id)].sort(),
  };
}

/** A row of `schema`. */
export function row(name: string): string[] {
  return [name, emailHash(name)];
}

export function emailHash(name: string): string {
  return sha256(`${name}@shop.example`);
}
