import { describe, expect, it } from 'vitest';
import { account, audienceId, startAudiences } from '../audience-client.ts';
import { token } from '../sandbox-client.ts';

const path = `/act_${account}/customaudiences`;

function idsOf(json: { readonly data: readonly { readonly id: string }[] }): string[] {
  return json.data.map(({ id }) => id);
}

/** Audiences 1 to `count`, of which 1 is the oldest. */
function numbered(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: String(index + 1),
    accountId: account,
    name: `List ${index + 1}`,
    subtype: index % 2 === 0 ? 'CUSTOM' : 'WEBSITE',
  }));
}

describe('listing', () => {
  it('has the id alone, unless fields are named', async () => {
    const { graph } = await startAudiences();
    const { json } = await graph('GET', path);
    expect(json.data).toEqual([{ id: audienceId }]);
    expect(Object.keys(json.paging)).toEqual(['cursors']);
    const named = await graph('GET', `${path}?fields=name,operation_status{code},delivery_status`);
    expect(named.json.data).toEqual([
      {
        id: audienceId,
        name: 'Customers',
        operation_status: { code: 200, description: 'Normal' },
        delivery_status: { code: 300, description: expect.any(String) },
      },
    ]);
  });

  it('names a field that does not exist', async () => {
    const { graph } = await startAudiences();
    const { json } = await graph('GET', `${path}?fields=id,size`);
    expect(json.error.message).toBe('(#100) Tried accessing nonexisting field (size) on node type (CustomAudience)');
  });

  it('of an account without audiences is empty, without paging', async () => {
    const { graph } = await startAudiences();
    expect((await graph('GET', '/act_78/customaudiences')).json).toEqual({ data: [] });
  });

  it('leaves out deleted audiences', async () => {
    const { graph, admin } = await startAudiences();
    await admin(`/audiences/${audienceId}`, { deleted: true });
    expect((await graph('GET', path)).json.data).toEqual([]);
  });

  it('goes through pages by cursor, newest first, while audiences are made', async () => {
    const { graph, admin } = await startAudiences({ audiences: numbered(5) });
    const first = (await graph('GET', `${path}?limit=2`)).json;
    expect(idsOf(first)).toEqual(['5', '4']);
    await admin('/audiences/6', { account_id: account });
    const second = (await graph('GET', `${path}?limit=2&after=${first.paging.cursors.after}`)).json;
    expect(idsOf(second)).toEqual(['3', '2']);
    const third = (await graph('GET', `${path}?limit=2&after=${second.paging.cursors.after}`)).json;
    expect([idsOf(third), third.paging.next]).toEqual([['1'], undefined]);
    const back = (await graph('GET', `${path}?limit=2&before=${third.paging.cursors.before}`)).json;
    expect(idsOf(back)).toEqual(['3', '2']);
  });

  it('gives the address of the next page, without the token', async () => {
    const { call, url } = await startAudiences({ audiences: numbered(3) });
    const { json, text } = await call(`/v26.0${path}?limit=2&fields=name&access_token=${token}`);
    expect(text).not.toContain(token);
    expect(json.paging.next.startsWith(`${url}/v26.0${path}?`)).toBe(true);
    const next = await call(`${json.paging.next.slice(url.length)}&access_token=${token}`);
    expect(next.json.data).toEqual([{ id: '1', name: 'List 1' }]);
  });

  it.each([
    ['limit=0', 100],
    ['limit=x', 100],
    ['after=x', 100],
    ['filtering=x', 100],
    ['filtering=[{"field":"size","operator":"EQUAL","value":1}]', 100],
    ['filtering=[{"field":"name","operator":"LIKE","value":1}]', 100],
    ['limit=501', 1],
  ])('refuses %s', async (query, code) => {
    const { graph } = await startAudiences();
    expect((await graph('GET', `${path}?${encodeURI(query)}`)).json.error.code).toBe(code);
  });

  it.each([
    [{ field: 'name', operator: 'EQUAL', value: 'List 2' }, ['2']],
    [{ field: 'name', operator: 'NOT_EQUAL', value: 'List 2' }, ['3', '1']],
    [{ field: 'name', operator: 'CONTAIN', value: '3' }, ['3']],
    [{ field: 'name', operator: 'NOT_CONTAIN', value: '3' }, ['2', '1']],
    [{ field: 'subtype', operator: 'EQUAL', value: 'CUSTOM' }, ['3', '1']],
    [{ field: 'id', operator: 'IN', value: ['1', '2'] }, ['2', '1']],
    [{ field: 'id', operator: 'NOT_IN', value: ['1', '2'] }, ['3']],
  ])('filters by %j', async (filter, ids) => {
    const { graph } = await startAudiences({ audiences: numbered(3) });
    const filtering = encodeURIComponent(JSON.stringify([filter]));
    expect(idsOf((await graph('GET', `${path}?filtering=${filtering}`)).json)).toEqual(ids);
  });
});
