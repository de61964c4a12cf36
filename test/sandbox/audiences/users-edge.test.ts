import { describe, expect, it } from 'vitest';
import { account, audienceId, emailHash, row, schema, startAudiences } from '../audience-client.ts';
import { sha256, token } from '../sandbox-client.ts';

const users = `/${audienceId}/users`;
const dayMillis = 24 * 3_600_000;

describe('adding', () => {
  it('answers the audience, a session of its own, and counts', async () => {
    const { add, members } = await startAudiences();
    const { status, json } = await add([row('ada'), row('bob')]);
    expect(status).toBe(200);
    expect(json).toEqual({
      audience_id: audienceId,
      session_id: json.session_id,
      num_received: 2,
      num_invalid_entries: 0,
      invalid_entry_samples: {},
    });
    expect(json.session_id).toMatch(/^\d+$/);
    expect(members()).toEqual(['ada', 'bob']);
  });

  it('again changes nothing', async () => {
    const { add, members } = await startAudiences();
    await add([row('ada'), row('ada')]);
    await add([row('ada')]);
    expect(members()).toEqual(['ada']);
  });

  it('takes payload and session as JSON, as JSON text, in forms, in the query, and as a multipart form', async () => {
    const { call, members } = await startAudiences();
    const path = `/v26.0${users}`;
    const authorization = `Bearer ${token}`;
    const payload = (name: string) => JSON.stringify({ schema, data: [row(name)] });
    const session = JSON.stringify({ session_id: 1, batch_seq: 1, last_batch_flag: false });
    const boundary = 'x'.repeat(30);
    const part = (name: string, value: string) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const query = new URLSearchParams({ payload: payload('query'), session });
    const replies = [
      await call(path, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ payload: payload('text'), session }),
      }),
      await call(path, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ payload: payload('form'), session }).toString(),
      }),
      await call(path, {
        method: 'POST',
        headers: { authorization, 'content-type': `multipart/form-data; boundary=${boundary}` },
        body: `${part('payload', payload('multipart'))}${part('session', session)}--${boundary}--\r\n`,
      }),
      await call(`${path}?${query}`, { method: 'POST', headers: { authorization } }),
    ];
    expect(replies.map(({ json }) => [json.session_id, json.num_received])).toEqual([1, 2, 3, 4].map((n) => ['1', n]));
    expect(members()).toEqual(['form', 'multipart', 'query', 'text']);
  });

  it('takes a schema that is a text with rows or bare values', async () => {
    const { graph, members } = await startAudiences();
    const [ada, bob, eve] = ['ada', 'bob', 'eve'].map(emailHash);
    const send = (payload: object) => graph('POST', users, { payload });
    expect((await send({ schema: 'EMAIL', data: [ada] })).status).toBe(200);
    expect((await send({ schema: 'EMAIL_SHA256', data: [[bob]] })).status).toBe(200);
    expect((await send({ schema: ['EMAIL'], data: [[eve]] })).status).toBe(200);
    expect((await send({ schema: ['EMAIL'], data: [eve] })).json.error.code).toBe(100);
    expect(members()).toEqual([ada, bob, eve].sort());
  });

  it('refuses bare values for an audience that had rows with a list of keys (2650)', async () => {
    const { add, graph, members } = await startAudiences();
    await add([row('ada')]);
    const reply = await graph('POST', users, { payload: { schema: 'EMAIL', data: [emailHash('bob')] } });
    expect(reply.json.error).toMatchObject({ code: 2650, message: expect.stringContaining('MULTI_HASHES') });
    expect(members()).toEqual(['ada']);
  });

  it.each([
    ['a row that is too short', [['ada']]],
    ['a row that is too long', [[...row('ada'), 'more']]],
    ['one such row among others', [row('ada'), ['bob']]],
    ['a text for data', 'ada'],
    ['an empty list', []],
    ['no data', undefined],
    ['bare values', ['ada', 'bob']],
    ['a number where a text belongs', [[7, emailHash('ada')]]],
    ['null for an unknown value', [['ada', null]]],
  ])('refuses %s whole', async (_title, data) => {
    const { add, members } = await startAudiences();
    const { status, json } = await add(data);
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: 100, message: '(#100) Data is missing or does not match schema' });
    expect(members()).toEqual([]);
  });

  it.each([
    ['no payload', undefined, 194, 'payload'],
    ['a payload that is no object', 'x', 100, 'must be a JSON object'],
    ['no schema', { data: [['a']] }, 100, 'payload[schema]'],
    ['an empty schema', { schema: [], data: [[]] }, 100, 'payload[schema]'],
    ['an unknown key', { schema: ['EMAIL', 'NICKNAME'], data: [['', '']] }, 100, 'payload[schema]'],
    ['a repeated key', { schema: ['EMAIL', 'EMAIL'], data: [['', '']] }, 100, 'payload[schema]'],
    ['a combined key among raw ones', { schema: ['FN_LN'], is_raw: true, data: [['']] }, 100, 'payload[schema]'],
  ])('refuses %s', async (_title, payload, code, place) => {
    const { graph } = await startAudiences();
    const { json } = await graph('POST', users, { payload });
    expect(json.error).toMatchObject({ code, message: expect.stringContaining(place) });
  });

  it('takes keys that were combined before they were hashed', async () => {
    const { graph, members } = await startAudiences();
    await graph('POST', users, { payload: { schema: ['FN_LN'], data: [[emailHash('ada')]] } });
    expect(members()).toEqual([`FN_LN:${emailHash('ada')}`]);
  });

  it('takes 10,000 rows and not one more (code 1, subcode 99)', async () => {
    const { add, members } = await startAudiences();
    const rows = Array.from({ length: 10_000 }, (_, index) => row(`u-${index}`));
    const reply = await add([...rows, row('more')]);
    expect(reply.json.error).toMatchObject({ code: 1, error_subcode: 99, message: 'An unknown error occurred' });
    expect(members()).toEqual([]);
    expect((await add(rows)).json.num_received).toBe(10_000);
    expect(members()).toHaveLength(10_000);
  });

  it('needs exactly one page for page-scoped ids, and an app for those of an app', async () => {
    const { graph, members } = await startAudiences();
    const send = (payload: object) => graph('POST', users, { payload });
    const pages = { schema: ['PAGEUID'], data: [['42']] };
    expect((await send(pages)).json.error.code).toBe(100);
    expect((await send({ ...pages, page_ids: ['1', '2'] })).json.error.code).toBe(100);
    expect((await send({ ...pages, page_ids: ['1'] })).status).toBe(200);
    const apps = { schema: ['APPUID'], data: [['43']] };
    expect((await send(apps)).json.error.code).toBe(100);
    expect((await send({ ...apps, app_ids: ['1', '2'] })).status).toBe(200);
    expect(members()).toEqual(['42', '43']);
  });

  it('needs a value for a value-based audience, of which numbers are taken', async () => {
    const { graph, admin, members } = await startAudiences();
    await admin('/audiences/5', { account_id: account, is_value_based: true });
    const send = (payload: object) => graph('POST', '/5/users', { payload });
    const { json } = await send({ schema: ['EMAIL'], data: [[emailHash('ada')]] });
    expect(json.error).toMatchObject({
      code: 100,
      message: '(#100) Value-Based Custom Audience requires LOOKALIKE_VALUE attribute.',
    });
    const rows = [44.5, 0, -1, ''].map((value, index) => [emailHash(`u-${index}`), value]);
    const reply = await send({ schema: ['EMAIL', 'LOOKALIKE_VALUE'], data: rows });
    expect(reply.json).toMatchObject({ num_received: 4, num_invalid_entries: 2 });
    expect(members('5')).toEqual([emailHash('u-0'), emailHash('u-1')].sort());
    expect(
      (await graph('DELETE', '/5/users', { payload: { schema: ['EMAIL'], data: [rows[0]?.slice(0, 1)] } })).status,
    ).toBe(200);
  });
});

describe('invalid rows', () => {
  it('do not fail the request, and are named by their JSON with a reason', async () => {
    const { add, members } = await startAudiences();
    const bad = [
      ['', emailHash('eve')],
      ['plain', 'eve@shop.example'],
      ['upper', emailHash('eve').toUpperCase()],
      ['md5', 'd41d8cd98f00b204e9800998ecf8427e'],
      ['appendix', `${emailHash('eve')}.AQQAAQMC`],
    ];
    const { json } = await add([row('ada'), ...bad, row('bob')]);
    expect(json).toMatchObject({ num_received: 7, num_invalid_entries: 5 });
    expect(json.invalid_entry_samples).toEqual(
      Object.fromEntries(
        bad.map((cells) => [JSON.stringify(cells), cells[0] === '' ? 'empty external ID' : 'invalid hash format']),
      ),
    );
    expect(members()).toEqual(['ada', 'bob']);
  });

  it('have at most 100 samples', async () => {
    const { add, members } = await startAudiences();
    const rows = Array.from({ length: 1000 }, (_, index) => [
      `u-${index}`,
      index < 350 ? 'bad' : emailHash(`${index}`),
    ]);
    const { json } = await add(rows);
    expect(json.num_invalid_entries).toBe(350);
    expect(Object.keys(json.invalid_entry_samples)).toHaveLength(100);
    expect(members()).toHaveLength(650);
  });

  it('are those without any key, but not those with blanks', async () => {
    const { graph, members } = await startAudiences();
    const data = [
      ['', '', sha256('ada'), sha256('94105')],
      ['', sha256('16505551212'), '', ''],
      ['', '', '', ''],
    ];
    const { json } = await graph('POST', users, { payload: { schema: ['EMAIL', 'PHONE', 'FN', 'ZIP'], data } });
    expect(json.invalid_entry_samples).toEqual({ '["","","",""]': 'empty row' });
    expect(members()).toEqual([`FN:${sha256('ada')},ZIP:${sha256('94105')}`, sha256('16505551212')].sort());
  });

  it('have data processing options that are not those of California', async () => {
    const { graph } = await startAudiences();
    const columns = [
      'EMAIL',
      'DATA_PROCESSING_OPTIONS',
      'DATA_PROCESSING_OPTIONS_COUNTRY',
      'DATA_PROCESSING_OPTIONS_STATE',
    ];
    const options = [
      [['LDU'], 1, 1000],
      [['LDU'], 0, 0],
      [[], '', ''],
      [['OTHER'], 1, 1000],
      [['LDU'], 1, 1001],
      [['LDU'], 44, 1000],
    ];
    const data = options.map((cells, index) => [emailHash(`u-${index}`), ...cells]);
    const { json } = await graph('POST', users, { payload: { schema: columns, data } });
    expect(json).toMatchObject({ num_received: 6, num_invalid_entries: 3 });
  });

  it('can be scripted by value, with a reason', async () => {
    const { add, admin, members } = await startAudiences();
    await admin(`/audiences/${audienceId}`, { invalid: { values: ['bob'], reason: 'not a person' } });
    const { json } = await add([row('ada'), row('bob')]);
    expect(json.invalid_entry_samples).toEqual({ [JSON.stringify(row('bob'))]: 'not a person' });
    await admin(`/audiences/${audienceId}`, { invalid: {} });
    await add([row('bob')]);
    expect(members()).toEqual(['ada', 'bob']);
  });
});

describe('removing', () => {
  it('takes the same payload, and answers in the same way', async () => {
    const { add, remove, members } = await startAudiences();
    await add([row('ada'), row('bob')]);
    const { status, json } = await remove([row('ada'), row('nobody')]);
    expect(status).toBe(200);
    expect(json).toMatchObject({ audience_id: audienceId, num_received: 2, num_invalid_entries: 0 });
    expect(members()).toEqual(['bob']);
  });

  it('works as a POST with method=DELETE, in the query or the body', async () => {
    const { add, graph, members } = await startAudiences();
    await add([row('ada'), row('bob'), row('eve')]);
    await graph('POST', `${users}?method=DELETE`, { payload: { schema, data: [row('ada')] } });
    await graph('POST', users, { method: 'delete', payload: { schema, data: [row('bob')] } });
    await graph('GET', `${users}?method=DELETE&payload=${JSON.stringify({ schema, data: [row('eve')] })}`);
    expect(members()).toEqual(['eve']);
  });

  it('finds a user by any key it was ever added with', async () => {
    const { graph, members } = await startAudiences();
    const send = (method: string, keys: string[], ...data: string[][]) =>
      graph(method, users, { payload: { schema: keys, data } });
    const phone = sha256('16505551212');
    await send('POST', ['EXTERN_ID', 'EMAIL'], row('ada'));
    await send('POST', ['EMAIL', 'PHONE'], [emailHash('ada'), phone]);
    await send('POST', ['MADID'], ['ab-cd']);
    expect(members()).toEqual(['ab-cd', 'ada']);
    await send('DELETE', ['PHONE'], [phone]);
    expect(members()).toEqual(['ab-cd']);
    await send('DELETE', ['MADID', 'EMAIL'], ['ab-cd', '']);
    expect(members()).toEqual([]);
  });

  it('by external id alone works for 90 days after it was last uploaded', async () => {
    const { add, graph, pass, members } = await startAudiences();
    const byId = (name: string) => graph('DELETE', users, { payload: { schema: ['EXTERN_ID'], data: [[name]] } });
    await add([row('ada'), row('bob')]);
    pass(80 * dayMillis);
    await add([row('bob')]);
    pass(11 * dayMillis);
    await byId('ada');
    await byId('bob');
    expect(members()).toEqual(['ada']);
  });

  it('by external id alone finds what the id was uploaded with elsewhere in the ad account', async () => {
    const { add, graph, admin, members } = await startAudiences();
    await admin('/audiences/5', { account_id: account });
    await admin('/audiences/6', { account_id: '78' });
    const byEmail = { payload: { schema: ['EMAIL'], data: [[emailHash('ada')]] } };
    const byId = { payload: { schema: ['EXTERN_ID'], data: [['ada']] } };
    await add([row('ada')]);
    for (const id of ['5', '6']) {
      await graph('POST', `/${id}/users`, byEmail);
      await graph('DELETE', `/${id}/users`, byId);
    }
    expect([members('5'), members('6')]).toEqual([[], [emailHash('ada')]]);
  });
});

describe('sessions', () => {
  const first = { session_id: 653573199724136401n.toString(), batch_seq: 1, last_batch_flag: false };

  it('count rows over all of their batches', async () => {
    const { add } = await startAudiences();
    await add([row('ada'), ['bob', 'bad']], first);
    const { json } = await add([row('eve')], { ...first, batch_seq: 2, last_batch_flag: true });
    expect(json).toMatchObject({ session_id: first.session_id, num_received: 3, num_invalid_entries: 1 });
    expect(json.invalid_entry_samples).toEqual({});
  });

  it('keep the digits of an id that is written as a number', async () => {
    const { call, members } = await startAudiences();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const payload = JSON.stringify({ schema, data: [row('ada')] });
    const session = (id: string) => `{"session_id": ${id}, "batch_seq": 1, "last_batch_flag": true}`;
    const bodies = [
      ['9007199254740993', `{"payload":${payload},"session":${session('9007199254740993')}}`],
      ['9223372036854775807', JSON.stringify({ payload, session: session('9223372036854775807') })],
    ] as const;
    for (const [id, body] of bodies) {
      const reply = await call(`/v26.0${users}`, { method: 'POST', headers, body });
      expect(reply.json.session_id).toBe(id);
    }
    expect(members()).toEqual(['ada']);
  });

  it.each([
    [{ batch_seq: 1 }],
    [{ session_id: 0, batch_seq: 1 }],
    [{ session_id: -5, batch_seq: 1 }],
    [{ session_id: 1.5, batch_seq: 1 }],
    [{ session_id: '9223372036854775808', batch_seq: 1 }],
    [{ session_id: 1 }],
    [{ session_id: 1, batch_seq: 0 }],
  ])('refuse %j', async (session) => {
    const { add, members } = await startAudiences();
    expect((await add([row('ada')], session)).json.error).toMatchObject({ code: 100 });
    expect(members()).toEqual([]);
  });

  it('take no batch after the last (2650/1870159)', async () => {
    const { add, members } = await startAudiences();
    await add([row('ada')], { ...first, last_batch_flag: true });
    const { json } = await add([row('bob')], { ...first, batch_seq: 2 });
    expect(json.error).toMatchObject({ code: 2650, error_subcode: 1870159 });
    expect(members()).toEqual(['ada']);
  });

  it('discard what comes more than 90 minutes after their first batch', async () => {
    const { add, pass, members, sandbox } = await startAudiences();
    await add([row('ada')], first);
    pass(90 * 60_000);
    await add([row('bob')], { ...first, batch_seq: 2 });
    pass(1);
    const { status, json } = await add([row('eve')], { ...first, batch_seq: 3 });
    expect([status, json.num_received]).toEqual([200, 2]);
    expect(members()).toEqual(['ada', 'bob']);
    expect(sandbox.state.audiences()[0]?.discarded_batches).toBe(1);
  });

  it('belong to one operation and one audience of an ad account', async () => {
    const { add, remove, admin, graph } = await startAudiences();
    await add([row('ada')], first);
    expect((await remove([row('ada')], { ...first, batch_seq: 2 })).json.error.code).toBe(100);
    const body = { payload: { schema, data: [row('ada')] }, session: first };
    await admin('/audiences/5', { account_id: account });
    await admin('/audiences/6', { account_id: '78' });
    expect((await graph('POST', '/5/users', body)).json.error.code).toBe(100);
    expect((await graph('POST', '/6/users', body)).status).toBe(200);
  });
});

describe('faults', () => {
  it('come before or after the rows are stored, as scripted', async () => {
    const { add, fault, members } = await startAudiences();
    await fault({ kind: 'reset_before', times: 1 });
    await expect(add([row('ada')])).rejects.toThrow();
    expect(members()).toEqual([]);
    await fault({ kind: 'reset_after', times: 1 });
    await expect(add([row('ada')])).rejects.toThrow();
    expect(members()).toEqual(['ada']);
    await fault({ kind: 'events_received', value: 1, times: 1 });
    expect((await add([row('bob'), row('eve')])).json.num_received).toBe(1);
    expect(members()).toEqual(['ada', 'bob']);
  });

  it('can be for one method alone, and for any code', async () => {
    const { add, remove, fault } = await startAudiences();
    await fault({ kind: 'graph_error', code: 2650, subcode: 1870148, match: { method: 'DELETE', path: '/users' } });
    await fault({ kind: 'throttle', code: 80003, times: 1 });
    const removed = await remove([row('ada')]);
    expect([removed.status, removed.json.error.code, removed.json.error.error_subcode]).toEqual([400, 2650, 1870148]);
    const added = await add([row('ada')]);
    expect(added.json.error).toMatchObject({ code: 80003, error_subcode: 2446079 });
    expect((await add([row('ada')])).status).toBe(200);
  });

  it('leave the usage headers, which name the ad account and the use case', async () => {
    const { add, fault } = await startAudiences();
    const useCase = (reply: Awaited<ReturnType<typeof add>>) =>
      JSON.parse(String(reply.headers['x-business-use-case-usage']));
    expect(useCase(await add([row('ada')]))).toEqual({
      [account]: [expect.objectContaining({ type: 'custom_audience' })],
    });
    await fault({ kind: 'throttle', code: 80003, regainMinutes: 4, times: 1 });
    expect(useCase(await add([row('ada')]))).toEqual({
      [account]: [expect.objectContaining({ call_count: 100, estimated_time_to_regain_access: 4 })],
    });
  });
});
