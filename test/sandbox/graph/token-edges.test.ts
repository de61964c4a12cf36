import { describe, expect, it } from 'vitest';
import { own } from '../../../src/core/json.ts';
import { dataset, event, startSandbox, token } from '../sandbox-client.ts';

const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
const end = 1_900_000_000;

describe('debug_token', () => {
  it('tells what a token is, and keeps it out of what is remembered', async () => {
    const { call, sandbox } = await startSandbox({ tokenFacts: { [token]: { type: 'USER', expiresAt: end } } });
    const { status, json } = await call(`/v26.0/debug_token?input_token=${token}`, { headers });
    expect(status).toBe(200);
    expect(json).toMatchObject({ data: { type: 'USER', expires_at: end, is_valid: true, scopes: expect.any(Array) } });
    expect(JSON.stringify([...sandbox.state.requests()])).not.toContain(token);
  });

  it('tells of another token that it is not valid', async () => {
    const { call } = await startSandbox({ expiredTokens: ['an-expired-token'] });
    const { json } = await call('/v26.0/debug_token?input_token=an-expired-token', { headers });
    expect(json).toMatchObject({ data: { is_valid: false, error: { code: 190 } } });
  });

  it.each([
    ['without a token to tell of', '', {}],
    ['of an app that says nothing of it', `?input_token=${token}`, { [token]: { tellsOfItself: false } }],
  ])('%s answers 100', async (_name, query, tokenFacts) => {
    const { call } = await startSandbox({ tokenFacts });
    const { status, json } = await call(`/v26.0/debug_token${query}`, { headers });
    expect([status, json.error.code]).toEqual([400, 100]);
  });
});

describe('dataset_quality', () => {
  const path = `/v26.0/dataset_quality?dataset_id=${dataset}&fields=web{event_name}`;

  it('names the events of the dataset, in a list of its own name', async () => {
    const { call } = await startSandbox();
    await call(`/v26.0/${dataset}/events`, { method: 'POST', headers, body: JSON.stringify({ data: [event()] }) });
    expect((await call(path, { headers })).json).toEqual({ web: [{ event_name: own(event(), 'event_name') }] });
  });

  it.each([
    ['another dataset', { datasets: ['99'] }, path, 100],
    ['a token without the scope', { tokenFacts: { [token]: { scopes: ['ads_read'] } } }, path, 200],
    ['a place under the dataset', {}, `/v26.0/${dataset}/dataset_quality`, 2500],
  ])('%s is refused', async (_name, options, asked, code) => {
    const { call } = await startSandbox(options);
    expect((await call(asked, { headers })).json.error.code).toBe(code);
  });
});
