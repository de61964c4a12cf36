import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { routes } from '../../src/api/contract/routes.ts';
import { type ApiStage, type ApiStageOptions, openApiStage } from '../support/api-stage.ts';

let stage: ApiStage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

async function open(environment: ApiStageOptions['environment'] = {}): Promise<ApiStage> {
  stage = await openApiStage({ environment });
  return stage;
}

const onOtherAddress = { OPS_HOST: '0.0.0.0' };
const token = 'a-token-of-the-operators';

describe('on loopback', () => {
  it('reading is open, and changing needs the token of the page', async () => {
    const { ask } = await open();
    expect((await ask('/status')).status).toBe(200);
    expect((await ask('/reload', { method: 'POST', bare: true })).status).toBe(403);
    const wrong = { 'x-meta-actions-token': 'x' };
    expect((await ask('/reload', { method: 'POST', bare: true, headers: wrong })).status).toBe(403);
    expect((await ask('/reload', { method: 'POST' })).status).toBe(200);
  });

  it('pages of another origin get no answer, whether they read or change', async () => {
    const { ask, url } = await open();
    for (const site of ['cross-site', 'same-site']) {
      const headers = { 'sec-fetch-site': site };
      expect((await ask('/status', { headers })).status).toBe(403);
      expect((await ask('/session', { headers })).status).toBe(403);
      expect((await ask('/reload', { method: 'POST', headers })).status).toBe(403);
    }
    const origin = { origin: 'https://evil.example' };
    expect((await ask('/reload', { method: 'POST', headers: origin })).status).toBe(403);
    expect((await ask('/reload', { method: 'POST', headers: { origin: url } })).status).toBe(200);
  });

  it('every route that changes something refuses who has no token', async () => {
    const { ask } = await open();
    const readOnly: readonly string[] = ['/explain', '/replays/preview'];
    for (const { method, path } of Object.values(routes)) {
      if (method !== 'POST' || readOnly.includes(path)) continue;
      const at = path.replace(/\{\w+\}/g, 'shop');
      const { status } = await ask(at, { method, bare: true });
      expect(status, path).toBe(403);
    }
  });
});

describe('on another address', () => {
  const bearer = { authorization: `Bearer ${token}` };
  const basic = (user: string, password: string) => ({
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  });

  it('nothing but the probes and the metrics is served without a token, and the start says so', async () => {
    const { ask, url, told } = await open(onOtherAddress);
    for (const path of ['/status', '/session', '/openapi.json']) expect((await ask(path)).status).toBe(403);
    expect((await fetch(url)).status).toBe(403);
    expect((await fetch(`${url}/console/page.css`)).status).toBe(403);
    for (const path of ['/livez', '/metrics', '/readyz?x=1'])
      expect((await fetch(`${url}${path}`)).status, path).toBe(200);
    expect(told.find((event) => event.kind === 'warning' && event.code === 'OPS_TOKEN_NEEDED')).toMatchObject({
      message: expect.stringContaining('OPS_TOKEN'),
    });
  });

  it('the token is asked for, as a Bearer token or as a password', async () => {
    const { ask, url } = await open({ ...onOtherAddress, OPS_TOKEN: token });
    for (const headers of [
      {},
      { authorization: 'Bearer wrong' },
      basic('ada', 'wrong'),
      { authorization: 'Digest x' },
    ]) {
      expect((await ask('/status', { headers })).status).toBe(401);
    }
    expect((await fetch(url)).headers.get('www-authenticate')).toContain('Basic');
    for (const headers of [bearer, basic('ada', token)]) expect((await ask('/status', { headers })).status).toBe(200);
  });

  it('a Bearer token may change things; a password, which browsers send by themselves, needs the token of the page too', async () => {
    const { ask, told } = await open({ ...onOtherAddress, OPS_TOKEN: token });
    const post = { method: 'POST' } as const;
    expect((await ask('/reload', { ...post, bare: true })).status).toBe(401);
    expect((await ask('/reload', { ...post, bare: true, headers: bearer })).status).toBe(200);
    expect((await ask('/reload', { ...post, bare: true, headers: basic('ada', token) })).status).toBe(403);
    expect((await ask('/reload', { ...post, headers: basic('ada\n{"level"}', token) })).status).toBe(200);
    const who = told.flatMap((event) => (event.kind === 'audit' ? [event.who] : []));
    expect(who).toEqual(['holder of OPS_TOKEN', 'adalevel']);
  });

  it('a token in a file is read anew', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'ops-token-')), 'token');
    writeFileSync(file, `${token}\n`);
    const { ask } = await open({ ...onOtherAddress, OPS_TOKEN_FILE: file });
    expect((await ask('/status', { headers: bearer })).status).toBe(200);
    writeFileSync(file, 'another');
    expect((await ask('/status', { headers: bearer })).status).toBe(401);
    expect((await ask('/status', { headers: { authorization: 'Bearer another' } })).status).toBe(200);
    rmSync(file);
    const gone = await ask<{ code: string }>('/status', { headers: { authorization: 'Bearer another' } });
    expect([gone.status, gone.body.code]).toEqual([403, 'OPS_TOKEN_NEEDED']);
  });
});

describe('a body', () => {
  it.each(['with its length', 'in pieces'])('of 100 MB is refused before it has come, sent %s', async (how) => {
    const { url } = await open();
    const { token: own } = (await (await fetch(`${url}/api/v1/session`)).json()) as { token: string };
    const length = 100 * 1024 * 1024;
    const headers = { ...(how === 'with its length' && { 'content-length': String(length) }) };
    const { status, bytes } = await refusedAfter(`${url}/api/v1/explain`, own, length, headers);
    // Whoever goes on sending may see the connection closed before the answer.
    expect(status).toBeOneOf(how === 'with its length' ? [413] : [413, 0]);
    expect(bytes).toBeLessThan(40 * 1024 * 1024);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });

  it('that is no JSON, or of another shape, is refused with a reason that repeats nothing of it', async () => {
    const { ask } = await open();
    for (const body of ['{"a', '[1]', '{"unknown-<b>": 1}', '{"event": {}, "destination": 7}']) {
      const answer = await ask<{ error: string }>('/explain', { method: 'POST', body });
      expect(answer.status, body).toBe(400);
      expect(answer.body.error).not.toMatch(/<b>|"a/);
    }
  });
});

/** Sends a body until there is an answer, or the connection is closed (status 0); how many bytes went. */
function refusedAfter(
  url: string,
  pageToken: string,
  length: number,
  more: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly bytes: number }> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'x-meta-actions-token': pageToken, ...more };
    const sending = request(url, { method: 'POST', headers });
    let bytes = 0;
    let done = false;
    const end = (status: number) => {
      done = true;
      resolve({ status, bytes });
      sending.destroy();
    };
    const piece = Buffer.alloc(64 * 1024, 'x');
    const send = () => {
      if (done || bytes >= length) return;
      bytes += piece.length;
      sending.write(piece, () => setImmediate(send));
    };
    sending.on('response', ({ statusCode = 0 }) => end(statusCode));
    sending.on('error', () => end(0));
    // The head goes first: who waits for the body reads it by then.
    sending.flushHeaders();
    setTimeout(send, 100);
  });
}
