import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { afterEach, describe, expect, it, test } from 'vitest';
import { createFetch, type Proxies } from '../../src/http/proxies.ts';
import { classify as classifyFor } from '../../src/meta/classify.ts';
import { type GraphCall, type GraphClientOptions, graphClient } from '../../src/meta/graph-client.ts';
import type { GraphReply } from '../../src/meta/graph-reply.ts';
import { answerJson, scriptedGraph } from '../meta/scripted-graph.ts';
import { certificateFor } from '../support/certificates.ts';
import { listening } from '../support/listening.ts';
import { proxyServer } from '../support/proxy-server.ts';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function proxy(...given: Parameters<typeof proxyServer>) {
  const server = await proxyServer(...given);
  cleanups.push(server.close);
  return server;
}

async function graph() {
  const server = await scriptedGraph((_, response) => answerJson(response, 200, { events_received: 1 }));
  cleanups.push(server.close);
  return server;
}

function clientThrough(proxies: Proxies, baseUrl: string, more: GraphClientOptions = {}) {
  const client = graphClient({ baseUrl, proxies, ...more });
  cleanups.push(client.close);
  return client;
}

const classify = (reply: GraphReply) => classifyFor(reply, { useCase: 'ads_management' });
const never = new AbortController().signal;
const body = Buffer.from('{"data":[]}');
const call: GraphCall = { method: 'POST', path: '/v27.0/1/events', body, token: 'EAAtoken', signal: never };

describe('a request to an http:// address', () => {
  it('goes through HTTP_PROXY, with its user and password', async () => {
    const [{ url }, through] = [await graph(), await proxy()];
    const http = through.url.replace('://', '://jane:p%40ss@');
    expect(await clientThrough({ http }, url).request(call)).toMatchObject({ json: { events_received: 1 } });
    expect(through.asked).toEqual([`POST ${url}/v27.0/1/events`]);
    expect(through.users).toEqual(['jane:p@ss']);
  });

  it('does not go through HTTPS_PROXY, nor through any where NO_PROXY names its host', async () => {
    const [{ url, requests }, through] = [await graph(), await proxy()];
    const { port } = new URL(url);
    const settings: readonly Proxies[] = [
      { https: through.url },
      { http: through.url, none: '127.0.0.1' },
      { http: through.url, none: `example.com, 127.0.0.1:${port}` },
      { http: through.url, none: '*' },
    ];
    for (const proxies of settings) {
      expect(await clientThrough(proxies, url).request(call)).toMatchObject({ kind: 'answered', status: 200 });
    }
    expect(through.asked).toEqual([]);
    expect(requests).toHaveLength(settings.length);
  });

  it('that the proxy refuses has not reached Meta, and blocks with what to do', async () => {
    const { url, requests } = await graph();
    const through = await proxy(() => 407);
    const reply = await clientThrough({ http: through.url }, url).request(call);
    expect(reply).toEqual({ kind: 'failed', reason: 'proxy', sent: false, cause: 'HTTP_407' });
    expect(classify(reply)).toMatchObject({
      kind: 'blocked',
      failure: { code: 'NETWORK_PROXY', fix: expect.stringContaining('HTTPS_PROXY') },
    });
    expect(requests).toEqual([]);
  });
});

describe('a request to an https:// address', () => {
  it.each(['https', 'http'] as const)('goes through a tunnel of the proxy for %s', async (name) => {
    const through = await proxy();
    const { port, close } = await tlsServer('elsewhere.example');
    cleanups.push(close);
    const reply = await clientThrough({ [name]: through.url }, `https://127.0.0.1:${port}`).request(call);
    expect(through.asked[0]).toBe(`CONNECT 127.0.0.1:${port}`);
    // The tunnel stands: what is wrong is behind it.
    expect(reply).toMatchObject({ kind: 'failed', reason: 'tls', sent: false });
    expect(classify(reply)).toMatchObject({ kind: 'blocked', failure: { code: 'NETWORK_TLS' } });
  });

  it.each([
    [403, 'proxy', 'blocked'],
    [407, 'proxy', 'blocked'],
    [502, 'connect', 'retryable'],
    [503, 'connect', 'retryable'],
  ] as const)('that the proxy answers with %s was not sent (%s), and is %s', async (status, reason, kind) => {
    const through = await proxy(() => status);
    const reply = await clientThrough({ https: through.url }, 'https://graph.example').request(call);
    expect(reply).toEqual({ kind: 'failed', reason, sent: false, cause: `HTTP_${status}` });
    expect(classify(reply).kind).toBe(kind);
    expect(through.asked).toContain('CONNECT graph.example:443');
  });

  it('fails at once where nobody listens at the address of the proxy', async () => {
    const gone = await proxyServer();
    await gone.close();
    const reply = await clientThrough({ https: gone.url }, 'https://graph.example').request(call);
    expect(reply).toEqual({ kind: 'failed', reason: 'connect', sent: false, cause: 'ECONNREFUSED' });
  });

  it('is not tried in a loop where the proxy ends the connection', async () => {
    const through = await proxy(() => 'drop');
    const reply = await clientThrough({ https: through.url }, 'https://graph.example').request(call);
    expect(reply).toMatchObject({ kind: 'failed', sent: false, reason: 'connect' });
    expect(through.asked.length).toBeLessThan(3);
  });

  it('does not wait for a proxy that never answers, and the next one gets a new connection', async () => {
    const through = await proxy((number) => (number === 1 ? 'hang' : 403));
    const options = { connectTimeoutMillis: 300, connections: 1, requestTimeoutMillis: 20_000 };
    const client = clientThrough({ https: through.url }, 'https://graph.example', options);
    expect(await client.request(call)).toMatchObject({ kind: 'failed', sent: false });
    expect(await client.request(call)).toMatchObject({ reason: 'proxy', cause: 'HTTP_403' });
  });
});

test('a client that goes through a proxy can drop its sockets and withhold requests', async () => {
  const [{ url, requests }, through] = [await graph(), await proxy()];
  const client = clientThrough({ http: through.url }, url);
  expect(await client.request(call)).toMatchObject({ kind: 'answered' });
  expect(await client.request({ ...call, maySend: () => false })).toMatchObject({ reason: 'withheld', sent: false });
  client.dropSockets();
  expect(await client.request(call)).toMatchObject({ kind: 'answered' });
  expect(requests).toHaveLength(2);
});

test('a fetch goes through the proxy, or is the one of Node where there is none', async () => {
  const [{ url }, through] = [await graph(), await proxy()];
  expect(createFetch({ none: '*' }, 500)).toBe(fetch);
  const answer = await createFetch({ http: through.url }, 500)(`${url}/token`, { method: 'POST', body: 'a=b' });
  expect(await answer.json()).toEqual({ events_received: 1 });
  expect(through.asked).toEqual([`POST ${url}/token`]);
});

test('a fetch shows its certificate and trusts the authority that is named, directly and through a proxy', async () => {
  const { cert, key, caFile } = await certificateFor('localhost');
  const ca = readFileSync(caFile, 'utf8');
  const server = createTlsServer({ cert, key, ca, requestCert: true }, (_, response) => response.end('{}'));
  const { port, close } = await listening(server);
  cleanups.push(close);
  const url = `https://localhost:${port}/schemas/ids/1`;
  const { url: https } = await proxy();
  for (const proxies of [{}, { https }]) {
    expect((await createFetch(proxies, 2000, { ca, cert, key })(url)).status).toBe(200);
    await expect(createFetch(proxies, 2000, { ca })(url)).rejects.toThrow();
    await expect(createFetch(proxies, 2000, { cert, key })(url)).rejects.toThrow();
  }
});

async function tlsServer(name: string) {
  return listening(createTlsServer(await certificateFor(name), (_, response) => response.end('{}')));
}
