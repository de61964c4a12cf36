import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/observe/metrics.ts';
import type { OpsServerOptions } from '../../src/observe/ops-options.ts';
import { type OpsServer, startOpsServer } from '../../src/observe/ops-server.ts';

let server: OpsServer | undefined;
let warned: string[] = [];
afterEach(() => server?.close());

async function start(
  reasons: readonly string[] = [],
  alive = true,
  degraded: readonly string[] = [],
  serve?: OpsServerOptions['serve'],
): Promise<string> {
  warned = [];
  const measured = createMetrics({ processMetrics: false });
  measured.record({ kind: 'records_read', topic: 'events', count: 3, bytes: 9 });
  server = await startOpsServer({
    host: '127.0.0.1',
    port: 0,
    metrics: measured,
    readiness: () => ({ reasons, degraded }),
    alive: () => alive,
    serve,
    warn: (code) => warned.push(code),
  });
  return server.url;
}

describe('the ops server', () => {
  it('is ready without reasons against it, and names them otherwise', async () => {
    const ready = await fetch(`${await start()}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
    await server?.close();
    const not = await fetch(`${await start(['lane shop is blocked'])}/readyz`);
    expect([not.status, await not.json()]).toEqual([503, { status: 'not ready', reasons: ['lane shop is blocked'] }]);
  });

  it('stays ready while something is slower than it could be, and says what', async () => {
    const answer = await fetch(`${await start([], true, ['lane shop is throttled'])}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { status: 'ready', degraded: ['lane shop is throttled'] },
    ]);
  });

  it('is alive whatever is not ready, until only a restart helps', async () => {
    expect((await fetch(`${await start(['stopping'])}/livez`)).status).toBe(200);
    await server?.close();
    expect((await fetch(`${await start([], false)}/livez`)).status).toBe(503);
  });

  it('loads what else answers when somebody asks for it, once', async () => {
    let served = 0;
    const url = await start([], true, [], (app) => {
      served += 1;
      app.get('/more', async () => ({ served }));
    });
    for (const path of ['/livez', '/readyz', '/metrics']) expect((await fetch(url + path)).status).toBe(200);
    expect(served).toBe(0);
    const answers = await Promise.all(['/more', '/livez', '/more'].map((path) => fetch(url + path)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(served).toBe(1);
  });

  it('tells when what it serves can not be loaded, and tries again at the next request', async () => {
    let isThere = false;
    const url = await start([], true, [], (app) => {
      if (!isThere) throw new Error('a file is gone');
      app.get('/more', async () => 'more');
    });
    const answer = await fetch(`${url}/more`);
    expect([answer.status, await answer.json()]).toMatchObject([500, { code: 'OPS_PAGES_FAILED' }]);
    expect(warned).toEqual(['OPS_PAGES_FAILED']);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    isThere = true;
    expect(await (await fetch(`${url}/more`)).text()).toBe('more');
  });

  it('names a port that is taken', async () => {
    const { port } = new URL(await start());
    const metrics = createMetrics({ processMetrics: false });
    const readiness = () => ({ reasons: [], degraded: [] });
    await expect(
      startOpsServer({ host: '127.0.0.1', port: Number(port), metrics, readiness, alive: () => true, warn() {} }),
    ).rejects.toMatchObject({ code: 'OPS_PORT_UNAVAILABLE', message: expect.stringContaining(`127.0.0.1:${port}`) });
  });
});

describe('the doors of the ops server', () => {
  /** As bytes, because clients write neither another host nor an odd path. */
  async function status(head: string): Promise<string> {
    const socket = connect(Number(new URL(await start()).port), '127.0.0.1');
    socket.end(`${head}\r\nconnection: close\r\n\r\n`);
    const answer = await text(socket);
    await server?.close();
    return answer.slice(9, 12);
  }

  it.each([
    ['the host of a website', 'GET /metrics HTTP/1.1\r\nhost: evil.example', '403'],
    [
      'a change that a page of another origin asks for',
      'POST / HTTP/1.1\r\nhost: localhost\r\norigin: http://evil.example',
      '403',
    ],
    ['a change without JSON', 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain', '415'],
    ['a path that climbs', 'GET /console/../../package.json HTTP/1.1\r\nhost: localhost', '400'],
    ['a path that is no text', 'GET /%ff%zz HTTP/1.1\r\nhost: localhost', '400'],
    ['a whole address', 'GET http://evil.example/ HTTP/1.1\r\nhost: localhost', '400'],
    ['what is not there', 'GET /admin HTTP/1.1\r\nhost: localhost', '404'],
  ])('are shut for %s', async (_what, head, expected) => {
    expect(await status(head)).toBe(expected);
    expect(await status('GET /livez HTTP/1.1\r\nhost: localhost')).toBe('200');
  });

  it('serves pages that nobody frames and whose type nobody guesses', async () => {
    const { headers } = await fetch(await start());
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect([headers.get('x-frame-options'), headers.get('x-content-type-options')]).toEqual(['DENY', 'nosniff']);
  });

  it('are open to a scraper that wants the head alone', async () => {
    const url = await start();
    const { status, headers } = await fetch(`${url}/metrics`, { method: 'HEAD' });
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('stops although a scraper hangs', async () => {
    const socket = connect(Number(new URL(await start()).port), '127.0.0.1').on('error', () => undefined);
    socket.write('GET /metrics HTTP/1.1\r\nhost: loc');
    const closed = new Promise((resolve) => socket.resume().once('close', resolve));
    await once(socket, 'connect');
    await server?.close();
    await closed;
  });
});
