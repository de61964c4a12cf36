import { describe, expect, it } from 'vitest';
import { account, audienceId, emailHash, row, schema, startAudiences } from '../audience-client.ts';

function lines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

describe('GET /_sandbox/audiences', () => {
  it('lists audiences with their sizes', async () => {
    const { call, add, replace, sandbox } = await startAudiences();
    await add([row('ada'), row('bob')]);
    await replace([row('eve')], { session_id: 1, batch_seq: 1 });
    const { json } = await call('/_sandbox/audiences');
    expect(json.audiences).toEqual([
      expect.objectContaining({ id: audienceId, account_id: account, members: 2, replacing: 1, operation_status: 414 }),
    ]);
    expect((await call(`/_sandbox/audiences/${audienceId}`)).json).toEqual(json.audiences[0]);
    expect(sandbox.state.audiences()[0]).toEqual(json.audiences[0]);
    expect((await call('/_sandbox/audiences/1')).status).toBe(404);
  });
});

describe('GET /_sandbox/audiences/{id}/members', () => {
  it('streams every user with all that is known of it', async () => {
    const { call, graph, add } = await startAudiences();
    await add([row('ada'), row('bob')]);
    await graph('POST', `/${audienceId}/users`, { payload: { schema, data: [['ada', emailHash('ada2')]] } });
    const { text, headers } = await call(`/_sandbox/audiences/${audienceId}/members`);
    expect(headers['content-type']).toContain('application/x-ndjson');
    expect(lines(text)).toEqual([
      { EXTERN_ID: ['ada'], EMAIL: [emailHash('ada'), emailHash('ada2')] },
      { EXTERN_ID: ['bob'], EMAIL: [emailHash('bob')] },
    ]);
    expect(lines((await call(`/_sandbox/audiences/${audienceId}/members?limit=1`)).text)).toHaveLength(1);
    expect((await call('/_sandbox/audiences/1/members')).status).toBe(404);
  });

  it('finds one by hash or external id', async () => {
    const { call, add } = await startAudiences();
    await add([row('ada'), row('bob')]);
    const find = async (query: string) =>
      lines((await call(`/_sandbox/audiences/${audienceId}/members?${query}`)).text);
    const ada = { EXTERN_ID: ['ada'], EMAIL: [emailHash('ada')] };
    expect(await find('external_id=ada')).toEqual([ada]);
    expect(await find(`hash=${emailHash('ada')}`)).toEqual([ada]);
    expect(await find(`hash=${emailHash('ada')}&external_id=ada`)).toEqual([ada]);
    expect(await find('external_id=ad')).toEqual([]);
    expect(await find('hash=ada')).toEqual([]);
  });
});

describe('POST /_sandbox/audiences/{id}', () => {
  it('makes an audience of an id that is not there yet', async () => {
    const { admin, graph } = await startAudiences();
    await admin('/audiences/42', { account_id: '78', name: 'Made', subtype: 'WEBSITE' });
    const { json } = await graph('GET', '/act_78/customaudiences?fields=name,subtype');
    expect(json.data).toEqual([{ id: '42', name: 'Made', subtype: 'WEBSITE' }]);
  });

  it('takes digits for an id', async () => {
    const { call } = await startAudiences();
    expect(
      (
        await call('/_sandbox/audiences/buyers', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        })
      ).status,
    ).toBe(400);
  });

  it.each([
    [{ operation_status: 201 }, 'operation_status'],
    [{ flagged: 'yes' }, 'flagged'],
    [{ terms: 'none' }, 'terms'],
    [{ subtype: 'WEBSITE' }, 'subtype'],
    [{ flagged: true, colour: 'red' }, 'colour'],
  ])('refuses %j and changes nothing', async (body, name) => {
    const { call } = await startAudiences();
    const reply = await call(`/_sandbox/audiences/${audienceId}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(reply.status).toBe(400);
    expect(reply.json.error).toContain(name);
    expect((await call(`/_sandbox/audiences/${audienceId}`)).json.operation_status).toBe(200);
  });
});

it('GET and POST /_sandbox/accounts/{id} show and change an account', async () => {
  const { call, admin } = await startAudiences({ adAccounts: [account] });
  await admin(`/accounts/act_${account}`, { terms: 'business_tools' });
  const usual = { id: account, access: 'granted', in_business: true, fetch_or_create: true };
  expect((await call(`/_sandbox/accounts/${account}`)).json).toEqual({ ...usual, terms: 'business_tools' });
  expect((await call('/_sandbox/accounts/1')).status).toBe(404);
  const wrong = await call(`/_sandbox/accounts/${account}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"access":"all"}',
  });
  expect([wrong.status, wrong.json.error]).toEqual([400, expect.stringContaining('no_permission')]);
});

it('POST /_sandbox/reset forgets all audiences but those of the options, empty again', async () => {
  const { admin, add, call, members, sandbox } = await startAudiences();
  await add([row('ada')]);
  await admin('/audiences/42', {});
  await admin(`/accounts/${account}`, { access: 'none' });
  await call('/_sandbox/reset', { method: 'POST', headers: { 'content-type': 'application/json' } });
  expect(sandbox.state.audiences().map(({ id }) => id)).toEqual([audienceId]);
  expect(members()).toEqual([]);
  expect(sandbox.state.summary().audiences).toEqual({
    audiences: 1,
    members: 0,
    rowsReceived: 0,
    rowsInvalid: 0,
    rowsNotKept: 0,
  });
  expect((await add([row('bob')])).status).toBe(200);
});

it('the summary counts rows and members, and rows that there was no room for', async () => {
  const { add, members, sandbox } = await startAudiences({ keepMemberKeys: 4 });
  await add([row('ada'), ['x', 'bad'], row('bob'), row('eve'), row('ada')]);
  expect(members()).toEqual(['ada', 'bob']);
  expect(sandbox.state.summary().audiences).toMatchObject({
    members: 2,
    rowsReceived: 5,
    rowsInvalid: 1,
    rowsNotKept: 2,
  });
});
