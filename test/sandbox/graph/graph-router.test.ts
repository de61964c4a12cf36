import { describe, expect, it } from 'vitest';
import { dataset, event, startSandbox, token } from '../sandbox-client.ts';

const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
const body = JSON.stringify({ data: [event()] });

describe('versions', () => {
  it.each([
    [`/v18.0/${dataset}/events`, 2635],
    [`/v4.3/${dataset}/events`, 2635],
    [`/${dataset}/events`, 2635],
    [`/v27.1/${dataset}/events`, 2500],
    [`/v99.0/${dataset}/events`, 2500],
    [`/v26/${dataset}/events`, 2500],
  ])('%s answers %d', async (path, code) => {
    const { call } = await startSandbox();
    const reply = await call(path, { method: 'POST', headers, body });
    expect(reply.status).toBe(400);
    expect(reply.json.error.code).toBe(code);
  });

  it('names the newest version to those who call an old one', async () => {
    const { call } = await startSandbox({ minVersion: '25.0', maxVersion: '26.0' });
    const { json } = await call(`/v24.0/${dataset}/events`, { method: 'POST', headers, body });
    expect(json.error.message).toContain('(#2635)');
    expect(json.error.message).toContain('v26.0.');
  });

  it.each(['v19.0', 'v26.0', 'v27.0'])('%s is served and named in the answer', async (version) => {
    const { call } = await startSandbox();
    const reply = await call(`/${version}/${dataset}/events`, { method: 'POST', headers, body });
    expect(reply.status).toBe(200);
    expect(reply.headers['facebook-api-version']).toBe(version);
  });
});

describe('paths', () => {
  it.each(['/', '/v26.0', `/v26.0/${dataset}/nothing`, `/v26.0/${dataset}/events/more`, '/v26.0/debug'])(
    '%s is unknown (2500)',
    async (path) => {
      const { call } = await startSandbox();
      const reply = await call(path, { method: 'POST', headers, body });
      expect(reply.status).toBe(400);
      expect(reply.json.error).toMatchObject({ code: 2500, type: 'OAuthException' });
      expect(reply.json.error.message).toMatch(/^Unknown path components: \//);
    },
  );

  it('answers an address that cannot be decoded without repeating it', async () => {
    const { call } = await startSandbox();
    const reply = await call('/%zz-secret', { method: 'POST', headers, body });
    expect(reply.status).toBe(400);
    expect(reply.text).not.toContain('secret');
  });

  it('lets nobody read a dataset', async () => {
    const { call } = await startSandbox();
    const { status, json } = await call(`/v26.0/${dataset}`, { headers });
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: 100, message: '(#100) Missing Permission' });
  });

  it('answers 100/33 for a method that an edge does not have', async () => {
    const { call } = await startSandbox();
    const { json } = await call(`/v26.0/${dataset}/events`, { method: 'DELETE', headers });
    expect(json.error).toMatchObject({ code: 100, error_subcode: 33 });
    expect(json.error.message).toMatch(/^Unsupported delete request/);
  });

  it('answers 100/33 for a dataset id that is no number', async () => {
    const { call } = await startSandbox();
    const { json } = await call('/v26.0/my-pixel/events', { method: 'POST', headers, body });
    expect(json.error).toMatchObject({ code: 100, error_subcode: 33 });
  });
});
