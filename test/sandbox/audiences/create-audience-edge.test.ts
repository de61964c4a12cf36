import { describe, expect, it } from 'vitest';
import { account, startAudiences } from '../audience-client.ts';
import { token } from '../sandbox-client.ts';

const path = `/act_${account}/customaudiences`;
const customerList = { name: 'Buyers', subtype: 'CUSTOM', customer_file_source: 'USER_PROVIDED_ONLY' };

describe('creating', () => {
  it('answers the id of an empty audience with what was said about it', async () => {
    const { graph, members } = await startAudiences();
    const { status, json } = await graph('POST', path, {
      ...customerList,
      description: 'who bought',
      retention_days: 30,
      is_value_based: true,
      audience_labels: ['CUSTOMERS'],
      opt_out_link: 'https://shop.example/out',
    });
    expect(status).toBe(200);
    expect(json).toEqual({ id: json.id });
    expect(json.id).toMatch(/^\d{18}$/);
    const names = 'name,subtype,customer_file_source,description,retention_days,is_value_based,account_id,opt_out_link';
    expect((await graph('GET', `/${json.id}?fields=${names}`)).json).toEqual({
      id: json.id,
      account_id: account,
      ...customerList,
      description: 'who bought',
      retention_days: 30,
      is_value_based: true,
      opt_out_link: 'https://shop.example/out',
    });
    expect(members(json.id)).toEqual([]);
  });

  it('takes a form', async () => {
    const { call, graph } = await startAudiences();
    const body = new URLSearchParams({
      ...customerList,
      retention_days: '7',
      is_value_based: 'true',
      audience_labels: '["CUSTOMERS","AT_RISK"]',
    }).toString();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' };
    const { json } = await call(`/v26.0${path}`, { method: 'POST', headers, body });
    const node = await graph('GET', `/${json.id}?fields=retention_days,is_value_based`);
    expect(node.json).toEqual({ id: json.id, retention_days: 7, is_value_based: true });
  });

  it.each([
    [{ customer_file_source: undefined }, '(#100) Missing parameter(s): customer_file_source'],
    [{ subtype: undefined }, '(#100) Missing parameter(s): subtype'],
    [{ name: '' }, '(#100) Missing parameter(s): name'],
  ])('without %j names what is missing', async (members, message) => {
    const { graph } = await startAudiences();
    const { status, json } = await graph('POST', path, { ...customerList, ...members });
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: 100, message });
  });

  it.each([
    [{ subtype: 'WEBSITE' }],
    [{ customer_file_source: 'FOUND_IT' }],
    [{ retention_days: 181 }],
    [{ retention_days: 1.5 }],
    [{ audience_labels: ['FRIENDS'] }],
  ])('refuses %j', async (members) => {
    const { graph } = await startAudiences();
    expect((await graph('POST', path, { ...customerList, ...members })).json.error.code).toBe(100);
  });

  it('makes another audience of the same name, unless enable_fetch_or_create finds one', async () => {
    const { graph, admin } = await startAudiences();
    const create = async (members: object = {}, at = path) =>
      (await graph('POST', at, { ...customerList, ...members })).json.id;
    const first = await create();
    expect(await create()).not.toBe(first);
    expect(await create({ enable_fetch_or_create: true })).toBe(first);
    expect(await create({ enable_fetch_or_create: true, name: 'Others' })).not.toBe(first);
    expect(await create({ enable_fetch_or_create: true }, '/act_78/customaudiences')).not.toBe(first);
    await admin(`/accounts/${account}`, { fetch_or_create: false });
    expect(await create({ enable_fetch_or_create: true })).not.toBe(first);
  });

  it('ends at 500 customer lists of an ad account (2654)', async () => {
    const audiences = Array.from({ length: 499 }, (_, index) => ({ id: String(index + 1), accountId: account }));
    const { graph } = await startAudiences({ audiences });
    expect((await graph('POST', path, customerList)).status).toBe(200);
    expect((await graph('POST', path, customerList)).json.error.code).toBe(2654);
    expect((await graph('POST', path, { ...customerList, enable_fetch_or_create: true })).status).toBe(200);
    expect((await graph('POST', '/act_78/customaudiences', customerList)).status).toBe(200);
  });
});
