import { fastify, type InjectOptions } from 'fastify';
import { describe, expect, it } from 'vitest';
import { answerBadPath, guardAgainstWebsites, guardCalls } from '../../src/http/guard.ts';
import { oddPath } from '../../src/http/refusals.ts';

/** Counts what reaches it. */
function guarded(boundTo: string) {
  const app = fastify({ frameworkErrors: answerBadPath });
  let reached = 0;
  guardAgainstWebsites(app, boundTo);
  guardCalls(app);
  app.all('/*', () => {
    reached += 1;
    return { ok: true };
  });
  return {
    reached: () => reached,
    async status(options: InjectOptions) {
      return (await app.inject({ url: '/thing', ...options })).statusCode;
    },
    app,
  };
}

const json = { 'content-type': 'application/json' };
const post = (headers: Record<string, string>) => ({ method: 'POST', body: '{}', headers }) as const;

describe('the host of a request', () => {
  it.each(['localhost:9464', 'LOCALHOST', '127.0.0.1:9464', '127.8.9.10', '[::1]:9464', 'shop.localhost:1'])(
    'may be %s on loopback',
    async (host) => {
      for (const boundTo of ['127.0.0.1', 'localhost', '::1'])
        expect(await guarded(boundTo).status({ headers: { host } })).toBe(200);
    },
  );

  it.each([
    'evil.example',
    'evil.example:9464',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'localhost@evil.example',
    'evil.example/localhost',
    '10.0.0.1:9464',
    '[::ffff:10.0.0.1]:1',
  ])('may not be "%s" on loopback: a name of a website that resolves to this machine', async (host) => {
    const server = guarded('127.0.0.1');
    expect(await server.status({ headers: { host } })).toBe(403);
    expect(await server.status(post({ ...json, host }))).toBe(403);
    expect(server.reached()).toBe(0);
  });

  it('may be any where the server listens for other machines', async () => {
    expect(await guarded('0.0.0.0').status({ headers: { host: 'connector.shop.svc.cluster.local' } })).toBe(200);
  });
});

describe('a call that changes something', () => {
  const host = 'localhost:9464';

  it('comes from our own page, through TLS or not, or from no page', async () => {
    const { status } = guarded('127.0.0.1');
    for (const headers of [
      {},
      { origin: 'http://localhost:9464' },
      { origin: 'https://localhost:9464', 'sec-fetch-site': 'same-origin' },
    ])
      expect(await status(post({ ...json, host, ...headers })), JSON.stringify(headers)).toBe(200);
  });

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'http://localhost:3000' },
    { origin: 'http://localhost:9464.evil.example' },
    { origin: 'null' },
    { origin: '' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('is refused with %j, wherever the server listens', async (headers: Record<string, string>) => {
    for (const boundTo of ['127.0.0.1', '0.0.0.0']) {
      const server = guarded(boundTo);
      expect(await server.status(post({ ...json, host, ...headers }))).toBe(403);
      expect(await server.status({ method: 'DELETE', headers: { host, ...headers } })).toBe(403);
      expect(server.reached()).toBe(0);
      // Another origin can't read the answer.
      expect(await server.status({ headers: { host, ...headers } })).toBe(200);
    }
  });

  it.each([
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'text/plain; application/json',
    undefined,
  ])('is refused as %s, which a form of any website can send', async (type) => {
    const server = guarded('127.0.0.1');
    expect(await server.status(post(type === undefined ? { host } : { host, 'content-type': type }))).toBe(415);
    expect(await server.status({ method: 'PUT', headers: { host } })).toBe(415);
    expect(server.reached()).toBe(0);
  });

  it('is JSON, whatever the charset and the case', async () => {
    expect(await guarded('127.0.0.1').status(post({ host, 'content-type': 'Application/JSON; charset=utf-8' }))).toBe(
      200,
    );
  });
});

describe('the path of a request', () => {
  const asked = (url: string) => oddPath({ url, method: 'GET', headers: {} })?.status;

  it.each([
    '/%zz',
    '/%',
    '/a%00b',
    '/a%0d%0aset-cookie:x',
    '/../etc/passwd',
    '/a/../b',
    '/a/%2e%2e/b',
    '/a/.',
    '/%2e%2e',
    '/a\\b',
    '//evil.example/a',
    '/a//b',
    'http://evil.example/',
    '*',
    `/${'a'.repeat(2048)}`,
  ])('is refused when it is %s', (url) => {
    expect(asked(url)).toBe(400);
  });

  it.each([
    '/',
    '/metrics',
    '/api/v1/lanes/a%20b',
    '/x?next=//evil/../%zz',
    '/.well-known/x',
    '/a..b/...',
    '/M%C3%BCnchen',
    '/api/v1/lanes/shop%2FOrders%20%2F%2F%20EU/resume',
    '/api/v1/lanes/https%3A%2F%2Fshop%2F..%2F%2E%2E%5Ca/resume',
  ])('may be %s', (url) => {
    expect(asked(url)).toBeUndefined();
  });

  it('is not repeated by the refusal, even where the framework finds it first', async () => {
    const answer = await guarded('127.0.0.1').app.inject({ url: '/%zz-secret', headers: { host: 'localhost' } });
    expect([answer.statusCode, answer.headers['x-content-type-options']]).toEqual([400, 'nosniff']);
    expect(answer.body).not.toContain('secret');
  });
});

it('tells browsers not to frame an answer, nor to guess its type, nor to hand it to others', async () => {
  const { app } = guarded('127.0.0.1');
  for (const host of ['localhost', 'evil.example']) {
    const { headers } = await app.inject({ url: '/thing', headers: { host } });
    if (host === 'localhost')
      expect(headers).toMatchObject({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  }
});
