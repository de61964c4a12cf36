import { beforeAll, describe, expect, it } from 'vitest';
import { setup } from '../../support/built-console.ts';
import { dataset, event, startMillis, startSandbox, token } from '../sandbox-client.ts';

const hourMillis = 3_600_000;
const post = { method: 'POST', headers: { 'content-type': 'application/json' } };

describe('GET /_sandbox', () => {
  beforeAll(setup);

  it('is a page whose files are there', async () => {
    const { call } = await startSandbox();
    const { status, text } = await call('/_sandbox');
    expect(status).toBe(200);
    const files = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(files).toContain('/_sandbox/console/sandbox.js');
    for (const path of files) expect((await call(path)).status, path).toBe(200);
  });
});

describe('GET /_sandbox/requests', () => {
  it('lists what came, oldest first, with its body and without its token', async () => {
    const { send, call } = await startSandbox();
    await send([event({ event_id: 'a' }), event({ event_id: 'b' })]);
    await send([event({ user_data: {} })]);
    const { json, text } = await call('/_sandbox/requests');
    expect(json.requests).toHaveLength(2);
    expect(json.requests[0]).toMatchObject({
      id: 1,
      time: new Date(startMillis).toISOString(),
      method: 'POST',
      path: `/v26.0/${dataset}/events`,
      query: {},
      tokenInUrl: false,
      events: 2,
      status: 200,
      cut: false,
      body: { data: [event({ event_id: 'a' }), event({ event_id: 'b' })] },
    });
    expect(json.requests[0].headers.authorization).toBe('Bearer ***');
    expect(json.requests[1]).toMatchObject({ status: 400, error: '100/2804050', events: 1 });
    expect(text).not.toContain(token);
  });

  it('pages with since and limit, and leaves bodies out on request', async () => {
    const { send, call } = await startSandbox();
    for (const id of ['a', 'b', 'c']) await send([event({ event_id: id })]);
    const { json } = await call('/_sandbox/requests?since=1&limit=1&bodies=false');
    expect(json.requests.map((entry: { id: number }) => entry.id)).toEqual([2]);
    expect(json.requests[0]).not.toHaveProperty('body');
    expect((await call('/_sandbox/requests?limit=many')).status).toBe(400);
  });

  it('keeps the newest requests, and counts all', async () => {
    const { send, call } = await startSandbox({ keepRequests: 2 });
    for (const id of ['a', 'b', 'c']) await send([event({ event_id: id })]);
    const { json } = await call('/_sandbox/requests');
    expect(json.requests.map((entry: { id: number }) => entry.id)).toEqual([2, 3]);
    expect((await call('/_sandbox/summary')).json.requests.total).toBe(3);
  });

  it('shows a body that is no JSON as text', async () => {
    const { call } = await startSandbox();
    await call('/v26.0/1/events', { ...post, body: '{"data": oops' });
    expect((await call('/_sandbox/requests')).json.requests[0].body).toBe('{"data": oops');
  });

  it('does not list itself', async () => {
    const { call } = await startSandbox();
    await call('/_sandbox/requests');
    expect((await call('/_sandbox/requests')).json).toEqual({ requests: [] });
  });
});

describe('GET /_sandbox/events', () => {
  it('lists accepted events by id and dataset', async () => {
    const { send, call } = await startSandbox();
    await send([event({ event_id: 'a' }), event({ event_id: 'b' })]);
    const all = (await call('/_sandbox/events')).json.events;
    expect(all).toHaveLength(2);
    expect(all[0]).toEqual({
      sequence: 1,
      dataset,
      receivedAt: new Date(startMillis).toISOString(),
      request: 1,
      duplicate: false,
      event: event({ event_id: 'a' }),
    });
    expect((await call('/_sandbox/events?event_id=b')).json.events).toMatchObject([{ sequence: 2 }]);
    expect((await call('/_sandbox/events?dataset=1')).json.events).toEqual([]);
    expect((await call('/_sandbox/events?since=1&limit=5')).json.events).toMatchObject([{ sequence: 2 }]);
  });

  it('streams every id with its count, also of events that are no longer kept whole', async () => {
    const { send, call } = await startSandbox({ keepEvents: 1 });
    for (let batch = 0; batch < 3; batch += 1) {
      await send(Array.from({ length: 1000 }, (_, index) => event({ event_id: `e-${batch}-${index}` })));
    }
    await send([event({ event_id: 'e-0-0' })]);
    expect((await call('/_sandbox/events')).json.events).toHaveLength(1);
    const reply = await call('/_sandbox/events?ids=true');
    expect(reply.headers['content-type']).toContain('application/x-ndjson');
    const lines = reply.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(3000);
    expect(lines[0]).toEqual({ dataset, event_name: 'ViewContent', event_id: 'e-0-0', count: 2, duplicates: 1 });
    expect((await call('/_sandbox/events?ids=true&event_id=e-2-7')).text.trim().split('\n')).toHaveLength(1);
  });
});

describe('GET /_sandbox/duplicates', () => {
  it('lists what Meta would have thrown away within 48 hours, though it was answered 200', async () => {
    const { send, call, pass } = await startSandbox();
    expect((await send([event()])).status).toBe(200);
    expect((await send([event()])).status).toBe(200);
    pass(48 * hourMillis);
    await send([event()]);
    await send([event({ event_name: 'Lead' })]);
    const { duplicates } = (await call('/_sandbox/duplicates')).json;
    expect(duplicates).toEqual([{ dataset, event_name: 'ViewContent', event_id: 'event-1', count: 3, duplicates: 1 }]);
  });
});

describe('GET /_sandbox/summary', () => {
  it('adds up', async () => {
    const { send, call } = await startSandbox();
    await send([event({ event_id: 'a' }), event({ event_id: 'a' }), event({ event_id: undefined })]);
    await send([event({ event_name: 'Lead' })]);
    await send([event({ event_time: 1 })]);
    await send([], { headers: { authorization: 'Bearer x' } });
    expect((await call('/_sandbox/summary')).json).toMatchObject({
      requests: {
        total: 4,
        byStatus: { 200: 2, 400: 1, 401: 1 },
        byCode: { '100/2804003': 1, 190: 1 },
        unanswered: 0,
        tokensInUrl: 0,
      },
      events: { accepted: 4, unique: 3, duplicates: 1, withoutEventId: 1, idsNotKept: 0 },
      byName: [
        { dataset, event_name: 'ViewContent', accepted: 3, unique: 2, duplicates: 1 },
        { dataset, event_name: 'Lead', accepted: 1, unique: 1, duplicates: 0 },
      ],
    });
  });
});

it('POST /_sandbox/reset forgets everything, faults and usage too', async () => {
  const { send, call, fault } = await startSandbox();
  const fresh = (await call('/_sandbox/summary')).json;
  await send([event({ user_data: { em: 'plain' } })]);
  await fault({ kind: 'error_500' });
  await call('/_sandbox/usage', { ...post, body: '{"percent":99}' });
  expect(
    (await call('/_sandbox/reset', { method: 'POST', headers: { 'content-type': 'application/json' } })).status,
  ).toBe(204);
  expect((await call('/_sandbox/summary')).json).toEqual(fresh);
  expect((await call('/_sandbox/requests')).json.requests).toEqual([]);
  const reply = await send([event()]);
  expect([reply.status, JSON.parse(String(reply.headers['x-app-usage'])).call_count]).toEqual([200, 1]);
});

it('POST /_sandbox/usage sets what the usage headers say', async () => {
  const { send, call } = await startSandbox();
  const reply = await call('/_sandbox/usage', { ...post, body: '{"percent":92.5,"regainMinutes":3}' });
  expect(reply.json).toEqual({ percent: 92.5, regainMinutes: 3 });
  const { headers, status } = await send([event()]);
  expect(status).toBe(200);
  expect(JSON.parse(String(headers['x-ad-account-usage']))).toMatchObject({ acc_id_util_pct: 92.5 });
  expect((await call('/_sandbox/usage', { ...post, body: '{"percent":"x"}' })).status).toBe(400);
  expect((await call('/_sandbox/usage', { ...post, body: 'x' })).json.error).toBe('the body must be JSON');
});

it('answers 404 for an endpoint that does not exist, and records nothing', async () => {
  const { call, sandbox } = await startSandbox();
  expect((await call('/_sandbox/nothing')).status).toBe(404);
  expect(sandbox.state.requests()).toEqual([]);
});
