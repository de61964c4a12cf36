import { describe, expect, it } from 'vitest';
import { account, audienceId, row, startAudiences } from '../audience-client.ts';
import { startSeconds } from '../sandbox-client.ts';

describe('an audience', () => {
  it('has the fields that are asked for, and its id', async () => {
    const { graph } = await startAudiences();
    expect((await graph('GET', `/${audienceId}`)).status).toBe(200);
    expect((await graph('GET', `/${audienceId}?fields=name, subtype`)).json).toEqual({
      id: audienceId,
      name: 'Customers',
      subtype: 'CUSTOM',
    });
    expect((await graph('GET', `/${audienceId}?fields=rows`)).json.error.code).toBe(100);
  });

  it('tells when it was made and when its users changed', async () => {
    const { graph, add, pass } = await startAudiences();
    pass(5000);
    await add([row('ada')]);
    const { json } = await graph('GET', `/${audienceId}?fields=time_created,time_updated,time_content_updated`);
    expect(json).toMatchObject({ time_created: startSeconds, time_content_updated: startSeconds + 5 });
  });

  it('hides and rounds its size', async () => {
    const { graph, admin } = await startAudiences();
    const bounds = async (count: number) => {
      await admin(`/audiences/${audienceId}`, { approximate_count: count });
      const fields = 'approximate_count_lower_bound,approximate_count_upper_bound';
      const { json } = await graph('GET', `/${audienceId}?fields=${fields}`);
      return [json.approximate_count_lower_bound, json.approximate_count_upper_bound];
    };
    expect(await bounds(999)).toEqual([0, 1000]);
    expect(await bounds(1234)).toEqual([1200, 1300]);
    expect(await bounds(1_250_000)).toEqual([1_200_000, 1_300_000]);
  });

  it.each([
    [{}, 300],
    [{ approximate_count: 99 }, 300],
    [{ approximate_count: 100 }, 200],
    [{ approximate_count: 100, flagged: true }, 400],
    [{ approximate_count: 100, delivery_status: 300 }, 300],
  ])('after %j has delivery status %d', async (switches, code) => {
    const { graph, admin } = await startAudiences();
    await admin(`/audiences/${audienceId}`, switches);
    const { json } = await graph('GET', `/${audienceId}?fields=delivery_status`);
    expect(json.delivery_status.code).toBe(code);
  });

  it('that does not exist is 100/33 when fields are asked for', async () => {
    const { graph } = await startAudiences();
    const { json } = await graph('GET', '/123?fields=name');
    expect(json.error).toMatchObject({ code: 100, error_subcode: 33, type: 'GraphMethodException' });
  });
});

describe('an ad account', () => {
  const path = `/act_${account}?fields=tos_accepted`;

  it('tells that the terms were accepted', async () => {
    const { graph } = await startAudiences();
    expect((await graph('GET', path)).json).toEqual({ id: `act_${account}`, tos_accepted: { custom_audience_tos: 1 } });
  });

  it('tells that they were not', async () => {
    const { graph, admin } = await startAudiences();
    await admin(`/accounts/act_${account}`, { terms: 'custom_audience' });
    expect((await graph('GET', path)).json.tos_accepted).toEqual({});
  });

  it('names its business, if it has one', async () => {
    const { graph, admin } = await startAudiences();
    const business = async () => (await graph('GET', `/act_${account}?fields=business`)).json.business;
    expect(await business()).toMatchObject({ id: expect.any(String) });
    await admin(`/accounts/${account}`, { in_business: false });
    expect(await business()).toBeUndefined();
  });

  it('outside the option adAccounts is 100/33', async () => {
    const { graph } = await startAudiences({ adAccounts: ['78'] });
    expect((await graph('GET', path)).json.error).toMatchObject({ code: 100, error_subcode: 33 });
    expect((await graph('GET', '/act_78?fields=tos_accepted')).status).toBe(200);
  });
});
