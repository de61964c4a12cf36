import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dataset, event, startSandbox, startSeconds, token } from '../sandbox-client.ts';

const events = `/v26.0/${dataset}/events`;
const body = JSON.stringify({ data: [event()] });
const headers = { 'content-type': 'application/json' };

describe('tokens', () => {
  it('answers 104 when there is none, with a challenge', async () => {
    const { call } = await startSandbox();
    const reply = await call(events, { method: 'POST', headers, body });
    expect(reply.status).toBe(400);
    expect(reply.json.error).toMatchObject({ code: 104, type: 'OAuthException' });
    expect(reply.json.error.error_subcode).toBeUndefined();
    expect(reply.headers['www-authenticate']).toContain('OAuth "Facebook Platform" "invalid_request"');
  });

  it.each(['short', 'with a space in it', 'ümlaut-token'])('cannot parse the token %j', async (bad) => {
    const { call } = await startSandbox();
    const reply = await call(`${events}?access_token=${encodeURIComponent(bad)}`, { method: 'POST', headers, body });
    expect(reply.status).toBe(401);
    expect(reply.json.error).toMatchObject({ code: 190, type: 'OAuthException' });
    expect(reply.json.error.message).toBe('Invalid OAuth access token - Cannot parse access token');
  });

  it('accepts only listed tokens when there is a list', async () => {
    const { send } = await startSandbox({ tokens: ['another-token'] });
    expect((await send([event()])).status).toBe(401);
    const listed = await send([event()], { headers: { authorization: 'Bearer another-token' } });
    expect(listed.status).toBe(200);
  });

  it('answers 190/463 for an expired token, with both dates', async () => {
    const { send } = await startSandbox({ expiredTokens: [token] });
    const reply = await send([event()]);
    expect(reply.status).toBe(400);
    expect(reply.json.error).toMatchObject({ code: 190, error_subcode: 463 });
    expect(reply.json.error.message).toContain('The current time is Sun, 22 Nov 2026 12:00:00 GMT');
  });

  it('answers the same for a token whose end, among its facts, has come', async () => {
    const ended = (expiresAt: number) => startSandbox({ tokenFacts: { [token]: { expiresAt } } });
    expect((await (await ended(startSeconds)).send([event()])).json.error).toMatchObject({
      code: 190,
      error_subcode: 463,
    });
    expect((await (await ended(startSeconds + 1)).send([event()])).status).toBe(200);
  });

  it('takes the token from the header, the body and the query', async () => {
    const { call, send } = await startSandbox({ tokens: [token] });
    const inBody = JSON.stringify({ data: [event()], access_token: token });
    expect((await send([event()])).status).toBe(200);
    expect((await send([event()], { headers: { authorization: `OAuth ${token}` } })).status).toBe(200);
    expect((await call(events, { method: 'POST', headers, body: inBody })).status).toBe(200);
    expect((await call(`${events}?access_token=${token}`, { method: 'POST', headers, body })).status).toBe(200);
  });

  it('counts tokens in the URL and shows them nowhere', async () => {
    const { call, send } = await startSandbox();
    await send([event()]);
    await call(`${events}?access_token=${token}&appsecret_proof=abc123`, { method: 'POST', headers, body });
    await call(events, { method: 'POST', headers, body: JSON.stringify({ data: [event()], access_token: token }) });
    await call(events, { method: 'POST', headers, body: `{"access_token":"${token}", broken` });
    await call(events, { method: 'POST', body: new URLSearchParams({ access_token: token, data: '[]' }).toString() });
    const requests = await call('/_sandbox/requests');
    expect(requests.text).not.toContain(token);
    expect(requests.text).not.toContain('abc123');
    expect(requests.json.requests.map((entry: { tokenInUrl: boolean }) => entry.tokenInUrl)).toEqual([
      false,
      true,
      false,
      false,
      false,
    ]);
    expect((await call('/_sandbox/summary')).json.requests.tokensInUrl).toBe(1);
  });
});

describe('appsecret_proof', () => {
  const proofOf = (message: string) => createHmac('sha256', 'secret').update(message).digest('hex');

  async function withProof(parameters: object) {
    const { call } = await startSandbox({ appSecret: 'secret' });
    const text = JSON.stringify({ data: [event()], access_token: token, ...parameters });
    return call(events, { method: 'POST', headers, body: text });
  }

  it('must be there', async () => {
    const { status, json } = await withProof({});
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: 100, type: 'GraphMethodException' });
    expect(json.error.message).toBe('API calls from the server require an appsecret_proof argument');
  });

  it('must be made with the secret', async () => {
    const { json } = await withProof({ appsecret_proof: proofOf('another') });
    expect(json.error).toMatchObject({ code: 100, type: 'GraphMethodException' });
    expect(json.error.message).toBe('Invalid appsecret_proof provided in the API argument');
  });

  it('is accepted over the token, and over token and time', async () => {
    expect((await withProof({ appsecret_proof: proofOf(token) })).status).toBe(200);
    const timed = { appsecret_time: 1700000000, appsecret_proof: proofOf(`${token}|1700000000`) };
    expect((await withProof(timed)).status).toBe(200);
  });
});

it('judges token, expiry, proof and dataset in this order', async () => {
  const options = { expiredTokens: ['expired-token'], appSecret: 'secret', datasets: ['42'] };
  const { send } = await startSandbox(options);
  const codes = [];
  for (const authorization of ['', 'Bearer bad', 'Bearer expired-token', `Bearer ${token}`]) {
    const { json } = await send([{}], { headers: { authorization } });
    codes.push([json.error.code, json.error.error_subcode ?? null, json.error.type]);
  }
  expect(codes).toEqual([
    [104, null, 'OAuthException'],
    [190, null, 'OAuthException'],
    [190, 463, 'OAuthException'],
    [100, null, 'GraphMethodException'],
  ]);
});

it('answers 100/33 for a dataset that the token cannot reach, before it looks at the data', async () => {
  const { send } = await startSandbox({ datasets: ['42'] });
  const { status, json } = await send([{}]);
  expect(status).toBe(400);
  expect(json.error).toMatchObject({ code: 100, error_subcode: 33, type: 'GraphMethodException' });
  expect(json.error.message).toContain(`Object with ID '${dataset}' does not exist`);
});
