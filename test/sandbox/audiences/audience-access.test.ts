import { describe, expect, it } from 'vitest';
import { account, audienceId, row, startAudiences } from '../audience-client.ts';
import { event, token } from '../sandbox-client.ts';

const create = { name: 'Buyers', subtype: 'CUSTOM', customer_file_source: 'USER_PROVIDED_ONLY' };

describe('switches of an ad account', () => {
  it.each([
    [{ terms: 'custom_audience' }, 400, { code: 200, error_subcode: 1870090 }],
    [{ terms: 'business_tools' }, 403, { code: 200, error_subcode: 1870092 }],
    [{ terms: 'website' }, 400, { code: 2663, message: expect.stringContaining(`act=${account}`) }],
    [{ in_business: false }, 400, { code: 200, error_subcode: 1870050 }],
    [{ access: 'no_permission' }, 403, { code: 200, message: '(#200) Permissions error' }],
    [{ access: 'development' }, 400, { code: 270 }],
    [{ access: 'none' }, 400, { code: 100, error_subcode: 33 }],
  ])('%j refuses every change with the same error, and going back allows it', async (switches, status, error) => {
    const { add, remove, replace, graph, admin, members } = await startAudiences();
    await admin(`/accounts/${account}`, switches);
    const replies = [
      await add([row('ada')]),
      await remove([row('ada')]),
      await replace([row('ada')], { session_id: 1, batch_seq: 1 }),
      await graph('POST', `/act_${account}/customaudiences`, create),
      await graph('DELETE', `/act_${account}/usersofanyaudience`, {}),
    ];
    for (const reply of replies) {
      expect(reply.status).toBe(status);
      expect(reply.json.error).toMatchObject(error);
    }
    expect(members()).toEqual([]);
    await admin(`/accounts/${account}`, { terms: 'accepted', in_business: true, access: 'granted' });
    expect((await add([row('ada')])).status).toBe(200);
  });

  it.each(['no_permission', 'development', 'none'])('access %s forbids reading too', async (access) => {
    const { graph, admin } = await startAudiences();
    await admin(`/accounts/${account}`, { access });
    for (const path of [`/act_${account}`, `/act_${account}/customaudiences`, `/${audienceId}?fields=name`]) {
      expect((await graph('GET', path)).json.error).toBeDefined();
    }
  });

  it('leaves reading to who has not accepted the terms', async () => {
    const { graph, admin } = await startAudiences();
    await admin(`/accounts/${account}`, { terms: 'custom_audience', in_business: false });
    expect((await graph('GET', `/${audienceId}?fields=name`)).status).toBe(200);
    expect((await graph('GET', `/act_${account}/customaudiences`)).status).toBe(200);
  });
});

describe('the scopes of a token', () => {
  it.each([
    ['as the Events Manager gives it', ['read_ads_dataset_quality'], 403, 403],
    ['to read ads', ['ads_read'], 200, 403],
    ['to manage ads', ['ads_management'], 200, 200],
  ])('%s decide what it may do with audiences', async (_name, scopes, reading, changing) => {
    const { add, remove, replace, graph } = await startAudiences({ tokenFacts: { [token]: { scopes } } });
    const looks = [
      await graph('GET', `/act_${account}?fields=name`),
      await graph('GET', `/act_${account}/customaudiences`),
      await graph('GET', `/${audienceId}?fields=name`),
    ];
    expect(looks.map(({ status }) => status)).toEqual([reading, reading, reading]);
    const changes = [
      await add([row('ada')]),
      await remove([row('ada')]),
      await graph('POST', `/act_${account}/customaudiences`, create),
      await replace([row('ada')], { session_id: 1, batch_seq: 1 }),
    ];
    expect(changes.map(({ status }) => status)).toEqual([changing, changing, changing, changing]);
    for (const { status, json } of [...looks, ...changes]) {
      if (status !== 200) expect(json.error).toMatchObject({ code: 200, message: '(#200) Permissions error' });
    }
  });
});

describe('switches of an audience', () => {
  it.each([
    [{ flagged: true }, { code: 100, error_subcode: 1713230, error_user_title: 'Audience Upload Blocked' }],
    [{ operation_status: 471 }, { code: 100, error_subcode: 1713230 }],
    [{ operation_status: 414 }, { code: 2650, error_subcode: 1870145 }],
    [{ terms: 'custom_audience' }, { code: 200, error_subcode: 1870090 }],
    [{ shared: false }, { code: 100, error_subcode: 1487301 }],
    [{ deleted: true }, { code: 100, error_subcode: 1487366 }],
  ])('%j refuses users, and says why', async (switches, error) => {
    const { add, admin, members } = await startAudiences();
    await admin(`/audiences/${audienceId}`, switches);
    const { json } = await add([row('ada')]);
    expect(json.error).toMatchObject({ ...error, error_user_msg: expect.any(String) });
    expect(members()).toEqual([]);
    await admin(`/audiences/${audienceId}`, { flagged: false, terms: 'accepted', shared: true, deleted: false });
    expect((await add([row('ada')])).status).toBe(200);
  });

  it('an audience that is no customer list takes no users (2654)', async () => {
    const { graph, admin } = await startAudiences();
    await admin('/audiences/5', { account_id: account, subtype: 'LOOKALIKE' });
    const { json } = await graph('POST', '/5/users', {});
    expect(json.error).toMatchObject({ code: 2654, error_subcode: 1713092 });
  });

  it('an audience that may only be looked at takes no users (2654), and says so beforehand', async () => {
    const { add, admin, graph, members } = await startAudiences();
    await admin(`/audiences/${audienceId}`, { editable: false });
    const { json: read } = await graph('GET', `/${audienceId}?fields=permission_for_actions`);
    expect(read.permission_for_actions).toMatchObject({ can_edit: false });
    const { json } = await add([row('ada')]);
    expect(json.error).toMatchObject({ code: 2654, error_subcode: 1713092 });
    expect(members()).toEqual([]);
    await admin(`/audiences/${audienceId}`, { editable: true });
    expect((await add([row('ada')])).status).toBe(200);
  });
});

it.each(['123/users', '123/usersreplace', '77/customaudiences', 'act_77/users'])(
  'POST /%s is 100/33: no such audience or account',
  async (path) => {
    const { graph } = await startAudiences();
    const { json } = await graph('POST', `/${path}`, {});
    expect(json.error).toMatchObject({ code: 100, error_subcode: 33, type: 'GraphMethodException' });
  },
);

it('versions may end earlier for audiences than for events (2635)', async () => {
  const { call, graph, send } = await startAudiences({ minMarketingVersion: '26.0' });
  const headers = { authorization: 'Bearer token-of-a-test' };
  expect((await graph('GET', `/act_${account}`)).status).toBe(200);
  for (const path of [`act_${account}`, `act_${account}/customaudiences`, audienceId]) {
    expect((await call(`/v25.0/${path}`, { headers })).json.error.code).toBe(2635);
  }
  expect((await send([event()])).status).toBe(200);
});

it('a token is needed, as for events (104, 190)', async () => {
  const { call } = await startAudiences();
  const path = `/v26.0/${audienceId}/users`;
  expect((await call(path, { method: 'POST' })).json.error.code).toBe(104);
  expect((await call(path, { method: 'POST', headers: { authorization: 'Bearer x' } })).json.error.code).toBe(190);
});
