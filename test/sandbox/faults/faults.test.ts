import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { createFaults } from '../../../src/sandbox/faults/faults.ts';
import { event, type SandboxClient, startSandbox } from '../sandbox-client.ts';

/** What a request comes to: a status, or how its connection failed. */
async function outcome(client: SandboxClient, eventId = 'event-1', timeoutMillis?: number): Promise<unknown> {
  const signal = timeoutMillis === undefined ? {} : { signal: AbortSignal.timeout(timeoutMillis) };
  try {
    return (await client.send([event({ event_id: eventId })], signal)).status;
  } catch (error) {
    const { name, code } = error as { readonly name: string; readonly code?: unknown };
    return typeof code === 'string' ? code : name;
  }
}

describe('answers instead of the API', () => {
  it.each([
    [{ kind: 'error_500' }, 500, { code: 2, is_transient: true }],
    [{ kind: 'token_expired' }, 400, { code: 190, error_subcode: 463 }],
    [{ kind: 'token_invalid' }, 401, { code: 190 }],
    [{ kind: 'permission' }, 403, { code: 200 }],
    [{ kind: 'terms_withdrawn' }, 403, { code: 200, error_subcode: 1870092 }],
    [{ kind: 'missing_dataset' }, 400, { code: 100, error_subcode: 33, type: 'GraphMethodException' }],
    [{ kind: 'throttle', code: 4 }, 403, { code: 4, is_transient: true }],
    [{ kind: 'throttle', code: 17 }, 400, { code: 17, error_subcode: 2446079 }],
    [{ kind: 'throttle' }, 400, { code: 80004, error_subcode: 2446079 }],
    [{ kind: 'throttle', code: 613 }, 400, { code: 613 }],
    [{ kind: 'throttle', code: 613, subcode: 1487742 }, 400, { code: 613, error_subcode: 1487742 }],
    [{ kind: 'status', status: 503, body: { error: { code: 2 } } }, 503, { code: 2 }],
  ])('%j', async (fault, status, error) => {
    const client = await startSandbox();
    expect((await client.fault(fault)).status).toBe(201);
    const reply = await client.send([event()]);
    expect(reply.status).toBe(status);
    expect(reply.json.error).toMatchObject(error);
    expect(client.sandbox.state.received('event-1')).toBe(0);
    expect((await client.call('/_sandbox/requests')).json.requests[0]).toMatchObject({ status, fault: fault.kind });
  });

  it('names the time until a throttled account may call again', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'throttle', code: 80004, regainMinutes: 7 });
    const { headers } = await client.send([event()]);
    const [useCases] = Object.values(JSON.parse(String(headers['x-business-use-case-usage'])));
    expect(useCases).toEqual([expect.objectContaining({ call_count: 100, estimated_time_to_regain_access: 7 })]);
    expect(JSON.parse(String(headers['x-ad-account-usage']))).toMatchObject({
      acc_id_util_pct: 100,
      reset_time_duration: 420,
    });
    expect(JSON.parse(String(headers['x-app-usage'])).call_count).toBe(100);
  });

  it('is HTML from a gateway, without the headers of the API', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'html_502' });
    const { status, headers, text } = await client.send([event()]);
    expect(status).toBe(502);
    expect(headers['content-type']).toContain('text/html');
    expect(headers['x-fb-request-id']).toBeUndefined();
    expect(text).toContain('<html>');
  });
});

describe('something on the way', () => {
  it('redirects to where one has to log in', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'redirect', times: 1 });
    await client.fault({ kind: 'redirect', status: 307, location: 'https://sso.example/?a=b', times: 1 });
    const first = await client.send([event()]);
    expect([first.status, first.headers['location']]).toEqual([302, 'https://log-in.example/']);
    expect(first.headers['x-fb-request-id']).toBeUndefined();
    const second = await client.send([event()]);
    expect([second.status, second.headers['location']]).toEqual([307, 'https://sso.example/?a=b']);
    expect(client.sandbox.state.received('event-1')).toBe(0);
  });

  it.each([
    ['gzip', gunzipSync],
    ['deflate', inflateSync],
    ['br', brotliDecompressSync],
  ])('packs the answer with %s after the events were stored', async (encoding, unpack) => {
    const { url, fault, sandbox } = await startSandbox();
    await fault({ kind: 'packed', encoding });
    const { headers, body } = await request(`${url}/v26.0/1234567890/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer a-token-for-tests' },
      body: JSON.stringify({ data: [event()] }),
    });
    expect(headers['content-encoding']).toBe(encoding);
    const text = unpack(Buffer.from(await body.arrayBuffer())).toString();
    expect(JSON.parse(text)).toMatchObject({ events_received: 1 });
    expect(sandbox.state.received('event-1')).toBe(1);
  });
});

describe('connections', () => {
  it('are reset before anything is stored', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'reset_before', times: 1 });
    expect(await outcome(client)).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect(client.sandbox.state.received('event-1')).toBe(0);
    expect(await outcome(client)).toBe(200);
  });

  it('are reset after the event was stored', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'reset_after', times: 1 });
    expect(await outcome(client)).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect(client.sandbox.state.received('event-1')).toBe(1);
  });

  it('hang until the client gives up, and nothing is stored', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'hang', times: 1 });
    expect(await outcome(client, 'event-1', 200)).toBe('TimeoutError');
    expect(client.sandbox.state.received('event-1')).toBe(0);
    expect(client.sandbox.state.summary().requests.unanswered).toBe(1);
  });

  it('hang until the client gives up, and the event is stored afterwards', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'hang_then_apply', millis: 600, times: 1 });
    expect(await outcome(client, 'event-1', 200)).toBe('TimeoutError');
    expect(client.sandbox.state.received('event-1')).toBe(0);
    await expect.poll(() => client.sandbox.state.received('event-1'), { timeout: 5000 }).toBe(1);
  });

  it('are ended by close, the hanging ones too, and a late event is then not stored', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'hang', times: 1 });
    await client.fault({ kind: 'hang_then_apply', millis: 60_000, times: 1 });
    const both = [outcome(client, 'a'), outcome(client, 'b')];
    await expect.poll(() => client.sandbox.state.requests().length).toBe(2);
    await client.sandbox.close();
    for (const failed of await Promise.all(both)) expect(failed).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect(client.sandbox.state.summary().events.accepted).toBe(0);
  });

  it('wait as long as latency says, added up', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'latency', millis: 60 });
    await client.fault({ kind: 'latency', millis: 60 });
    const before = performance.now();
    expect(await outcome(client)).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(110);
  });
});

describe('answers that are wrong', () => {
  it('count fewer events, and only those are stored', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'events_received', value: 1, times: 1 });
    const both = [event({ event_id: 'a' }), event({ event_id: 'b' })];
    const short = await client.send(both);
    expect([short.status, short.json.events_received]).toEqual([200, 1]);
    expect([client.sandbox.state.received('a'), client.sandbox.state.received('b')]).toEqual([1, 0]);
    expect((await client.send(both)).json.events_received).toBe(2);
  });

  it('are cut off or empty after the events were stored', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'invalid_json', times: 1 });
    await client.fault({ kind: 'empty_body', times: 1 });
    const cut = await client.send([event()]);
    expect([cut.status, cut.json]).toEqual([200, undefined]);
    expect(cut.text).toMatch(/^\{"events_received":1/);
    const empty = await client.send([event()]);
    expect([empty.status, empty.text]).toEqual([200, '']);
    expect(client.sandbox.state.received('event-1')).toBe(2);
  });

  it('speak another language, with the same codes', async () => {
    const client = await startSandbox();
    const titles = new Set<string>();
    for (const locale of ['fr', 'da', 'pt', 'en']) {
      await client.call('/_sandbox/faults', { method: 'DELETE' });
      await client.fault({ kind: 'localized', locale });
      const { json } = await client.send([event({ user_data: {} })]);
      expect(json.error).toMatchObject({ code: 100, error_subcode: 2804050, message: 'Invalid parameter' });
      titles.add(json.error.error_user_title);
    }
    expect(titles.size).toBe(4);
  });

  it('have error_data as text', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'error_data_string' });
    const { json } = await client.send([event({ user_data: {} })]);
    expect(JSON.parse(json.error.error_data)).toEqual({ blame_field_specs: [['user_data']] });
  });
});

describe('refuse_event', () => {
  it('refuses every request that holds the event, without naming its place', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'refuse_event', event_id: 'guilty' });
    const events = ['a', 'guilty', 'b'].map((id) => event({ event_id: id }));
    const { status, json, text } = await client.send(events);
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: 100, error_subcode: 2804050, message: 'Invalid parameter' });
    expect(text).not.toContain("data']");
    expect(client.sandbox.state.received('a')).toBe(0);
    expect(await outcome(client, 'a')).toBe(200);
    expect(await outcome(client, 'guilty')).toBe(400);
  });

  it('takes several events, a code and a subcode', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'refuse_event', event_ids: ['x', 'y'], code: 100, subcode: 2804099 });
    for (const id of ['x', 'y']) {
      const { json } = await client.send([event({ event_id: id })]);
      expect(json.error).toMatchObject({ code: 100, error_subcode: 2804099 });
    }
  });

  it('leaves a request alone that is refused anyway', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'refuse_event', event_id: 'guilty', code: 999 });
    const reply = await client.send([event({ event_id: 'guilty' })], { headers: { authorization: '' } });
    expect(reply.json.error.code).toBe(104);
  });
});

describe('when a fault applies', () => {
  const statuses = async (client: SandboxClient, ids: readonly string[]) => {
    const all = [];
    for (const id of ids) all.push(await outcome(client, id));
    return all;
  };

  it('times: so often, after: not before, then never again', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'html_502', times: 2, after: 1 });
    expect(await statuses(client, ['a', 'b', 'c', 'd'])).toEqual([200, 502, 502, 200]);
    const { faults } = (await client.call('/_sandbox/faults')).json;
    expect(faults).toEqual([
      { id: 1, kind: 'html_502', settings: { times: 2, after: 1 }, matched: 3, applied: 2, spent: true },
    ]);
  });

  it('seconds: until they have passed', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'token_expired', seconds: 60 });
    expect(await outcome(client)).toBe(400);
    client.pass(59_999);
    expect(await outcome(client)).toBe(400);
    client.pass(1);
    expect(await outcome(client)).toBe(200);
  });

  it('probability: by the random number that was passed in', async () => {
    const numbers = [0.29, 0.3, 0.9, 0.1];
    const faults = createFaults({ now: () => 0, random: () => numbers.shift() ?? 0 });
    faults.add({ kind: 'hang', probability: 0.3 });
    const plans = [1, 2, 3, 4].map(() => faults.plan({ method: 'POST', path: '/', holds: () => false }).deciding?.kind);
    expect(plans).toEqual(['hang', undefined, undefined, 'hang']);
  });

  it('match: by a part of the path, and by an event in the request', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'html_502', match: { path: '/999/' } });
    await client.fault({ kind: 'error_500', match: { event_id: ['b', 'c'] } });
    expect(await statuses(client, ['a', 'b', 'c'])).toEqual([200, 500, 500]);
  });

  it('the first of several decides, and the second is not used up by it', async () => {
    const client = await startSandbox();
    await client.fault({ kind: 'html_502', times: 1 });
    await client.fault({ kind: 'error_500', times: 1 });
    expect(await statuses(client, ['a', 'b', 'c'])).toEqual([502, 500, 200]);
  });

  it('never again once it is removed', async () => {
    const client = await startSandbox();
    const { json } = await client.fault({ kind: 'html_502' });
    expect((await client.call(`/_sandbox/faults/${json.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await client.call(`/_sandbox/faults/${json.id}`, { method: 'DELETE' })).status).toBe(404);
    expect(await outcome(client)).toBe(200);
  });
});

describe('a fault that is none', () => {
  it.each([
    [{ kind: 'explode' }, 'kind must be one of latency, hang'],
    [{}, 'kind must be one of'],
    [{ kind: 'toString' }, 'kind must be one of'],
    [[], 'must be a JSON object'],
    [{ kind: 'latency' }, 'millis is required'],
    [{ kind: 'latency', millis: '5' }, 'millis must be a number'],
    [{ kind: 'latency', millis: 1e12 }, 'millis must be at most'],
    [{ kind: 'hang', time: 3 }, 'unknown member "time"'],
    [{ kind: 'hang', times: 0 }, 'times must be a number of at least 1'],
    [{ kind: 'hang', match: { event: 'x' } }, 'unknown member "event"'],
    [{ kind: 'status', status: 99 }, 'status must be'],
    [{ kind: 'throttle', code: 5 }, 'code must be one of 4, 17'],
    [{ kind: 'refuse_event' }, 'needs event_id'],
    [{ kind: 'localized', locale: 'de' }, 'locale must be one of'],
  ])('%j is answered with what is wrong', async (fault, text) => {
    const client = await startSandbox();
    const { status, json } = await client.fault(fault);
    expect(status).toBe(400);
    expect(json.error).toContain(text);
    expect((await client.call('/_sandbox/faults')).json.faults).toEqual([]);
  });
});
