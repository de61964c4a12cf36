import { createHmac } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type GraphCall, type GraphClientOptions, graphClient } from '../../src/meta/graph-client.ts';
import { answerJson, type ScriptedGraph, scriptedGraph } from './scripted-graph.ts';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function setUp(answer: Parameters<typeof scriptedGraph>[0], options: GraphClientOptions = {}) {
  const graph: ScriptedGraph = await scriptedGraph(answer);
  cleanups.push(() => graph.close());
  const client = graphClient({ baseUrl: graph.url, ...options });
  cleanups.push(() => client.close());
  return { graph, client };
}

function clientFor(baseUrl: string, options: GraphClientOptions = {}) {
  const client = graphClient({ baseUrl, ...options });
  cleanups.push(() => client.close());
  return client;
}

function call(more: Partial<GraphCall> = {}): GraphCall {
  const body = Buffer.from('{"data":[]}');
  return { method: 'POST', path: '/v26.0/1/events', body, token: 'EAAtoken', signal: never, ...more };
}

const never = new AbortController().signal;

describe('a request', () => {
  it('carries the token in the header alone, and the bytes as JSON', async () => {
    const { graph, client } = await setUp((_, response) => answerJson(response, 200, { events_received: 1 }));
    const reply = await client.request(call({ body: Buffer.from('{"data":[{"em":"ü"}]}') }));
    expect(reply).toMatchObject({ kind: 'answered', status: 200, json: { events_received: 1 } });
    const [request] = graph.requests;
    expect(request).toMatchObject({ method: 'POST', url: '/v26.0/1/events', body: '{"data":[{"em":"ü"}]}' });
    expect(request?.headers).toMatchObject({ authorization: 'Bearer EAAtoken', 'content-type': 'application/json' });
    expect(request?.headers).not.toHaveProperty('content-encoding');
    expect(request?.headers['content-length']).toBe('22');
  });

  it('goes through the path of the base URL', async () => {
    const { graph } = await setUp((_, response) => answerJson(response, 200, {}));
    await clientFor(`${graph.url}/graph/`).request(call());
    expect(graph.requests[0]?.url).toBe('/graph/v26.0/1/events');
  });

  it('proves the secret of the app in the body', async () => {
    const { graph, client } = await setUp((_, response) => answerJson(response, 200, {}));
    await client.request(call({ appSecret: 'secret', body: Buffer.from('{"data":[{"a":1}]}') }));
    await client.request(call({ appSecret: 'secret', body: Buffer.from('{ }') }));
    const proof = createHmac('sha256', 'secret').update('EAAtoken').digest('hex');
    expect(graph.requests.map((request) => JSON.parse(request.body))).toEqual([
      { appsecret_proof: proof, data: [{ a: 1 }] },
      { appsecret_proof: proof },
    ]);
    expect(graph.requests[0]?.url).not.toContain(proof);
  });

  it('proves the secret in the query when it has no body', async () => {
    const { graph, client } = await setUp((_, response) => answerJson(response, 200, {}));
    const { body: _, ...bodiless } = call({ method: 'GET', path: '/v26.0/act_1?fields=id', appSecret: 'secret' });
    await client.request(bodiless);
    expect(graph.requests[0]?.url).toMatch(/^\/v26\.0\/act_1\?fields=id&appsecret_proof=[0-9a-f]{64}$/);
    expect(graph.requests[0]?.body).toBe('');
  });

  it('leaves nothing on the signal of the caller', async () => {
    const { client } = await setUp((_, response) => answerJson(response, 200, {}));
    const { signal } = new AbortController();
    await client.request(call({ signal }));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('keeps its connections for the next ones', async () => {
    const { graph, client } = await setUp((_, response) => answerJson(response, 200, {}));
    for (let request = 0; request < 20; request += 1) await client.request(call());
    // undici counts a socket as free shortly after the answer has ended.
    expect(graph.connections()).toBeLessThanOrEqual(2);
  });

  it('uses no more connections than allowed', async () => {
    const { graph, client } = await setUp((_, response) => setTimeout(() => answerJson(response, 200, {}), 20), {
      connections: 2,
    });
    const replies = await Promise.all(Array.from({ length: 6 }, () => client.request(call())));
    expect(replies.every((reply) => reply.kind === 'answered')).toBe(true);
    expect(graph.connections()).toBe(2);
  });
});

describe('an answer', () => {
  it('has its status, headers and JSON, whatever the status', async () => {
    const { client } = await setUp((_, response) =>
      answerJson(response, 400, { error: { code: 1 } }, { 'X-App-Usage': '{}' }),
    );
    expect(await client.request(call())).toMatchObject({
      kind: 'answered',
      status: 400,
      headers: { 'x-app-usage': '{}' },
      json: { error: { code: 1 } },
    });
  });

  it.each([
    ['HTML', '<html>Bad Gateway</html>'],
    ['nothing', ''],
    ['JSON that is cut off', '{"events_rec'],
  ])('has no JSON when the body is %s', async (_, body) => {
    const { client } = await setUp((_request, response) => response.writeHead(502).end(body));
    const reply = await client.request(call());
    expect(reply).toMatchObject({ kind: 'answered', status: 502 });
    expect(reply).not.toHaveProperty('json');
  });

  it('has no JSON when the body is longer than allowed, and the next request works', async () => {
    const { client } = await setUp(
      (_, response, number) => answerJson(response, 200, { filler: 'x'.repeat(number === 1 ? 2_000_000 : 1) }),
      { maxReplyBytes: 1_000_000 },
    );
    expect(await client.request(call())).not.toHaveProperty('json');
    expect(await client.request(call())).toHaveProperty('json');
  });

  const events = '{"events_received":1}';
  it.each([
    ['gzip', gzipSync(events)],
    ['x-gzip', gzipSync(events)],
    ['br', brotliCompressSync(events)],
    ['deflate', deflateSync(events)],
    ['deflate', deflateRawSync(events)],
    ['gzip, br', brotliCompressSync(gzipSync(events))],
    ['identity', Buffer.from(events)],
    // A proxy has unpacked it and left the header.
    ['gzip', Buffer.from(events)],
  ])('is read when it is packed, which nobody has asked for: %s', async (encoding, body) => {
    const { graph, client } = await setUp((_, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body),
    );
    expect(await client.request(call())).toMatchObject({ status: 200, json: { events_received: 1 } });
    expect(graph.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  it.each([
    ['an unknown encoding', 'zip', Buffer.from('PK')],
    ['too many of them', 'gzip, gzip, gzip', gzipSync(gzipSync(gzipSync('{}')))],
  ])('says that it can not be read for %s', async (_, encoding, body) => {
    const { client } = await setUp((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body),
    );
    const reply = await client.request(call());
    expect(reply).toMatchObject({ kind: 'answered', status: 200, unreadable: 'encoding' });
    expect(reply).not.toHaveProperty('json');
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(200_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(200_000_000), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ['deflate', deflateSync(Buffer.alloc(200_000_000))],
  ])('that would be 200 MB once it is unpacked (%s) is not unpacked', async (encoding, body) => {
    const { client } = await setUp(
      (_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body),
      { maxReplyBytes: 1_000_000 },
    );
    const before = process.memoryUsage();
    expect(await client.request(call())).toMatchObject({ status: 200, unreadable: 'length' });
    const after = process.memoryUsage();
    expect(after.rss - before.rss).toBeLessThan(100_000_000);
  });

  it('that is cut off within its gzip has no JSON, and may have the next time', async () => {
    const { client } = await setUp((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(events).subarray(0, 12)),
    );
    const reply = await client.request(call());
    expect(reply).not.toHaveProperty('json');
    expect(reply).not.toHaveProperty('unreadable');
  });

  it('is not read to its end when it has none', async () => {
    const { client } = await setUp(
      (_, response) => {
        const timer = setInterval(() => response.write('x'.repeat(10_000)), 1);
        response.on('close', () => clearInterval(timer));
      },
      { maxReplyBytes: 50_000, requestTimeoutMillis: 10_000 },
    );
    expect(await client.request(call())).toMatchObject({ kind: 'answered', status: 200 });
  });

  it('is not followed when it redirects, and not repeated when it fails', async () => {
    const { graph, client } = await setUp((_, response, number) =>
      response.writeHead(number === 1 ? 302 : 503, { location: '/elsewhere', 'retry-after': '1' }).end(),
    );
    expect(await client.request(call())).toMatchObject({ status: 302 });
    expect(await client.request(call())).toMatchObject({ status: 503 });
    expect(graph.requests).toHaveLength(2);
  });
});

describe('no answer', () => {
  it('because nobody listens: not sent', async () => {
    const graph = await scriptedGraph(() => {});
    await graph.close();
    expect(await clientFor(graph.url).request(call())).toEqual({
      kind: 'failed',
      reason: 'connect',
      sent: false,
      cause: 'ECONNREFUSED',
    });
  });

  it('because the name is unknown: not sent', async () => {
    const reply = await clientFor('http://graph.invalid').request(call());
    expect(reply).toMatchObject({ kind: 'failed', reason: 'dns', sent: false });
  });

  it('because the other side speaks no TLS: not sent', async () => {
    const { graph } = await setUp((_, response) => answerJson(response, 200, {}));
    const reply = await clientFor(graph.url.replace('http:', 'https:')).request(call());
    expect(reply).toMatchObject({ kind: 'failed', sent: false });
    expect(['tls', 'reset']).toContain(reply.kind === 'failed' && reply.reason);
  });

  it('because the connection is reset after the request: sent', async () => {
    const { client } = await setUp((_, response) => response.destroy());
    expect(await client.request(call())).toMatchObject({ kind: 'failed', reason: 'reset', sent: true });
  });

  it('because the connection is reset within the answer: sent', async () => {
    const { client } = await setUp((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"events_received":');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await client.request(call())).toMatchObject({ kind: 'failed', reason: 'reset', sent: true });
  });

  it('because the other side speaks no HTTP: sent', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.resume();
      socket.end('SSH-2.0-OpenSSH\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => new Promise((resolve) => server.close(resolve)));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const reply = await clientFor(`http://127.0.0.1:${port}`).request(call());
    expect(reply).toMatchObject({ kind: 'failed', reason: 'reset', sent: true });
  });

  /** The time counts from the call, and a busy machine may connect slowly: this has a connection before it counts. */
  async function connected(answer: Parameters<typeof scriptedGraph>[0]) {
    const set = await setUp(
      (request, response, number) => {
        if (number === 1) answerJson(response, 200, {});
        else answer(request, response, number);
      },
      { requestTimeoutMillis: 500, connections: 1 },
    );
    expect(await set.client.request(call({ path: '/first' }))).toMatchObject({ kind: 'answered' });
    return set;
  }

  it.each([
    ['nothing comes', () => {}],
    [
      'the answer stops on the way',
      (_: unknown, response: import('node:http').ServerResponse) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{');
      },
    ],
  ])('within the time, when %s: sent', async (_, answer) => {
    const { client } = await connected(answer);
    expect(await client.request(call())).toEqual({ kind: 'failed', reason: 'timeout', sent: true });
  });

  it('within the time, while every connection is busy: not sent, and never sent later', async () => {
    const { graph, client } = await connected(() => {});
    const time = holdTimers(500);
    const calls = [client.request(call({ path: '/second' })), client.request(call({ path: '/third' }))];
    await vi.waitFor(() => expect(graph.requests).toHaveLength(2));
    time.pass();
    const replies = await Promise.all(calls);
    expect(replies.map((reply) => reply.kind === 'failed' && reply.sent)).toEqual([true, false]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(graph.requests.map((request) => request.url)).toEqual(['/first', '/second']);
  });

  /** Timers of this length end when they are told to, and then all of them in one tick, however busy the machine is. */
  function holdTimers(millis: number) {
    const held: (() => void)[] = [];
    const real = globalThis.setTimeout;
    const spy = vi.spyOn(globalThis, 'setTimeout');
    spy.mockImplementation(((end: () => void, after?: number) => {
      if (after !== millis) return real(end, after);
      held.push(end);
      return real(() => undefined, 0);
    }) as typeof setTimeout);
    onTestFinished(() => spy.mockRestore());
    return {
      pass() {
        for (const end of held) end();
      },
    };
  }

  it('because the caller gave up: at once, before and during the request', async () => {
    const { client } = await setUp(() => {});
    expect(await client.request(call({ signal: AbortSignal.abort() }))).toEqual({
      kind: 'failed',
      reason: 'aborted',
      sent: false,
    });
    const giveUp = new AbortController();
    setTimeout(() => giveUp.abort(), 50);
    expect(await client.request(call({ signal: giveUp.signal }))).toEqual({
      kind: 'failed',
      reason: 'aborted',
      sent: true,
    });
  });

  it('because the client is closed', async () => {
    const { graph } = await setUp((_, response) => answerJson(response, 200, {}));
    const client = graphClient({ baseUrl: graph.url });
    await client.close();
    expect(await client.request(call())).toMatchObject({ kind: 'failed', reason: 'aborted', sent: false });
  });
});

describe('DELIVERY 24: a request that may not be sent in the end', () => {
  const refused = { kind: 'failed', reason: 'withheld', sent: false };

  it('is withheld, also on a connection that is there, and hinders none after it', async () => {
    const { graph, client } = await setUp((_, response) => answerJson(response, 200, {}));
    expect(await client.request(call({ maySend: () => false }))).toEqual(refused);
    expect(await client.request(call({ maySend: () => true }))).toMatchObject({ kind: 'answered' });
    expect(await client.request(call({ maySend: () => false }))).toEqual(refused);
    expect(await client.request(call())).toMatchObject({ kind: 'answered' });
    expect(graph.requests).toHaveLength(2);
  });

  it('is asked for when a connection is free, not when it was called', async () => {
    let answerFirst = () => {};
    const { graph, client } = await setUp(
      (_, response) => {
        answerFirst = () => answerJson(response, 200, {});
      },
      { connections: 1 },
    );
    let may = true;
    const first = client.request(call());
    const second = client.request(call({ maySend: () => may }));
    await expect.poll(() => graph.requests).toHaveLength(1);
    may = false;
    answerFirst();
    expect(await first).toMatchObject({ kind: 'answered' });
    expect(await second).toEqual(refused);
    expect(graph.requests).toHaveLength(1);
  });
});

describe('DELIVERY 24: dropped sockets', () => {
  it('end what is under way and what waits for them, and later requests get new ones', async () => {
    const { graph, client } = await setUp(
      (_, response, number) => {
        if (number > 1) answerJson(response, 200, {});
      },
      { connections: 1 },
    );
    const sent = client.request(call());
    const waiting = client.request(call());
    await expect.poll(() => graph.requests).toHaveLength(1);
    client.dropSockets();
    expect(await sent).toMatchObject({ kind: 'failed', sent: true });
    expect(await waiting).toMatchObject({ kind: 'failed', sent: false });
    expect(await client.request(call())).toMatchObject({ kind: 'answered' });
    expect(graph.connections()).toBe(2);
  });

  it('can be dropped in answer to the question whether a request may be sent', async () => {
    const { graph, client } = await setUp((_, response) => answerJson(response, 200, {}));
    await client.request(call());
    const maySend = () => {
      client.dropSockets();
      return false;
    };
    expect(await client.request(call({ maySend }))).toMatchObject({ kind: 'failed', sent: false });
    expect(await client.request(call())).toMatchObject({ kind: 'answered' });
    expect(graph.requests).toHaveLength(2);
  });
});

describe('a client', () => {
  it.each(['graph.facebook.com', 'ftp://example.com', ''])('refuses the base URL %j', (baseUrl) => {
    expect(() => graphClient({ baseUrl })).toThrow(/META_GRAPH_URL/);
  });
});
