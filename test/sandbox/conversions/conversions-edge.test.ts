import { describe, expect, it } from 'vitest';
import { dataset, event, startSandbox, startSeconds, token } from '../sandbox-client.ts';

const events = `/v26.0/${dataset}/events`;
const authorization = `Bearer ${token}`;
const json = { 'content-type': 'application/json', authorization };

describe('an accepted request', () => {
  it('answers the number of events and a trace id that is a header too', async () => {
    const { send } = await startSandbox();
    const reply = await send([event({ event_id: 'a' }), event({ event_id: 'b' })]);
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({ events_received: 2, messages: [], fbtrace_id: reply.json.fbtrace_id });
    expect(reply.json.fbtrace_id).toMatch(/^A[\w-]{22}$/);
    expect(reply.headers['x-fb-request-id']).toBe(reply.json.fbtrace_id);
    expect(reply.headers['content-type']).toContain('application/json');
    for (const name of ['x-fb-trace-id', 'x-fb-rev', 'x-app-usage', 'x-ad-account-usage']) {
      expect(reply.headers[name]).toBeTypeOf('string');
    }
    const useCases = JSON.parse(String(reply.headers['x-business-use-case-usage']));
    expect(Object.values(useCases)).toEqual([[expect.objectContaining({ estimated_time_to_regain_access: 0 })]]);
  });

  it('comes as JSON with data as text, as a form, as a multipart form and without a content type', async () => {
    const { call, sandbox } = await startSandbox();
    const data = JSON.stringify([event()]);
    const boundary = 'x'.repeat(30);
    const multipart = `--${boundary}\r\ncontent-disposition: form-data; name="data"\r\n\r\n${data}\r\n--${boundary}--\r\n`;
    const form = new URLSearchParams({ data }).toString();
    const bodies: [Record<string, string>, string][] = [
      [json, JSON.stringify({ data })],
      [{ authorization, 'content-type': 'application/x-www-form-urlencoded' }, form],
      [{ authorization, 'content-type': `multipart/form-data; boundary=${boundary}` }, multipart],
      [{ authorization }, form],
    ];
    for (const [headers, body] of bodies) {
      const reply = await call(events, { method: 'POST', headers, body });
      expect([headers, reply.json.events_received]).toEqual([headers, 1]);
    }
    expect(sandbox.state.received('event-1')).toBe(4);
  });

  it('takes nulls for absent members and ignores parameters of other calls', async () => {
    const { call } = await startSandbox();
    const body = JSON.stringify({
      data: [event({ custom_data: null, referrer_url: null, unknown: null, user_data: { ph: null, fbp: 'fb.1.2.3' } })],
      partner_agent: null,
      test_event_code: 'TEST1',
      id: dataset,
    });
    expect((await call(events, { method: 'POST', headers: json, body })).status).toBe(200);
  });

  it('may hold 1,000 events', async () => {
    const { send } = await startSandbox();
    const full = Array.from({ length: 1000 }, (_, index) => event({ event_id: `e-${index}` }));
    expect((await send(full)).json.events_received).toBe(1000);
    const reply = await send([...full, event()]);
    expect(reply.status).toBe(400);
    expect(reply.json.error.code).toBe(100);
    expect(reply.json.error.error_subcode).toBeUndefined();
  });
});

describe('a request that is refused whole', () => {
  it('stores nothing when one event is invalid', async () => {
    const { send, sandbox } = await startSandbox();
    const reply = await send([event({ event_id: 'good' }), event({ event_id: 'bad', user_data: {} })]);
    expect(reply.json.error).toMatchObject({ code: 100, error_subcode: 2804050 });
    expect(sandbox.state.received('good')).toBe(0);
    expect(sandbox.state.summary().events.accepted).toBe(0);
  });

  it('answers for the first invalid event, and names its place only in 2804019', async () => {
    const { send } = await startSandbox();
    const tooBroad = event({ user_data: { ct: 'berlin' } });
    const first = await send([event(), tooBroad, event({ event_time: 1 })]);
    expect(first.json.error.error_subcode).toBe(2804050);
    expect(first.text).not.toContain("data'][1]");
    const second = await send([event(), event(), event({ nonsense: 1 }), tooBroad]);
    expect(second.json.error.error_subcode).toBe(2804019);
    expect(second.json.error.error_user_msg).toBe(`Unexpected key "nonsense" on param "$['data'][2]"`);
  });

  it('has the envelope of a validation error', async () => {
    const { send } = await startSandbox();
    const { status, json, headers } = await send([event({ event_name: 'Purchase', custom_data: { value: 1 } })]);
    expect(status).toBe(400);
    expect(json).toEqual({
      error: {
        message: 'Invalid parameter',
        type: 'OAuthException',
        code: 100,
        error_subcode: 2804010,
        is_transient: false,
        error_user_title: 'Missing Currency for Purchase Event',
        error_user_msg: expect.any(String),
        error_data: { blame_field_specs: [['custom_data', 'currency']] },
        fbtrace_id: headers['x-fb-request-id'],
      },
    });
    expect(headers['x-app-usage']).toBeTypeOf('string');
  });

  it.each([
    ['{}', 'The parameter data is required'],
    ['{"data":null}', 'The parameter data is required'],
    ['{"data":[]}', 'The parameter data is required'],
    ['{"data":{}}', 'The parameter data must be an array'],
    ['{"data":"not json"}', 'The parameter data must be an array'],
    ['[]', 'The body must be a JSON object'],
    ['{"data":[', 'The body is not valid JSON'],
  ])('%s answers code 100: %s', async (body, text) => {
    const { call } = await startSandbox();
    const { status, json: reply } = await call(events, { method: 'POST', headers: json, body });
    expect(status).toBe(400);
    expect(reply.error).toEqual({
      message: `(#100) ${text}`,
      type: 'OAuthException',
      code: 100,
      fbtrace_id: expect.any(String),
    });
  });

  it('has no place for compressed bodies', async () => {
    const { call } = await startSandbox();
    const headers = { ...json, 'content-encoding': 'gzip' };
    const reply = await call(events, { method: 'POST', headers, body: JSON.stringify({ data: [event()] }) });
    expect(reply.json.error.code).toBe(100);
  });

  it('answers 413 without an envelope for a body that is too large', async () => {
    const { send, call } = await startSandbox({ maxBodyBytes: 500 });
    const reply = await send([event({ event_source_url: `https://shop.example/${'x'.repeat(500)}` })]);
    expect(reply.status).toBe(413);
    expect(reply.json).toBeUndefined();
    expect((await call('/_sandbox/summary')).json.requests.byStatus).toEqual({ 413: 1 });
  });

  it('survives 10,000 levels and keys that are names of the language', async () => {
    const { call } = await startSandbox();
    const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    const text = JSON.stringify(event({ custom_data: 'DEEP' })).replace('"DEEP"', deep);
    const body = `{"data":[${text}],"access_token":"${token}"}`;
    expect((await call(events, { method: 'POST', headers: json, body })).status).toBe(200);
    const store = `{"action_source":"physical_store","event_name":"X","event_time":${startSeconds},"user_data":`;
    const deeper = `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`;
    const nested = `{"data":[${store}{"fbp":"x","a":${deeper}}}]}`;
    expect((await call(events, { method: 'POST', headers: json, body: nested })).status).toBe(200);
    const odd = `{"data":[{"__proto__":{"event_name":"X"},"event_time":${startSeconds},"user_data":{"constructor":"x"}}]}`;
    const reply = await call(events, { method: 'POST', headers: json, body: odd });
    expect(reply.json.error.error_user_msg).toBe(`Unexpected key "__proto__" on param "$['data'][0]"`);
    expect((await call('/_sandbox/requests')).status).toBe(200);
    expect((await call('/_sandbox/events')).status).toBe(200);
  });
});
