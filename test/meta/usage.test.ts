import { describe, expect, it } from 'vitest';
import type { ReplyHeaders } from '../../src/meta/graph-reply.ts';
import { type Caller, usageOf as usageFor } from '../../src/meta/usage.ts';

const usageOf = (headers: ReplyHeaders, caller: Partial<Caller> = {}) =>
  usageFor(headers, { useCase: 'ads_management', ...caller });
const app = (metrics: object) => ({ 'x-app-usage': JSON.stringify(metrics) });
const account = (metrics: object) => ({ 'x-ad-account-usage': JSON.stringify(metrics) });
const business = (entries: object) => ({ 'x-business-use-case-usage': JSON.stringify(entries) });

describe('usageOf', () => {
  it('takes the highest metric of the app', () => {
    expect(usageOf(app({ call_count: 28, total_cputime: 61, total_time: 25 }))).toEqual({
      percent: 61,
      scopes: [{ scope: 'app', percent: 61 }],
    });
  });

  it('reads the ad account, and its time only once the limit is met', () => {
    const metrics = { reset_time_duration: 100, ads_api_access_tier: 'standard_access' };
    expect(usageOf(account({ acc_id_util_pct: 9.67, ...metrics }))).toEqual({
      percent: 9.67,
      scopes: [{ scope: 'account', percent: 9.67 }],
    });
    expect(usageOf(account({ acc_id_util_pct: 100, ...metrics }))).toMatchObject({
      percent: 100,
      regainMillis: 100_000,
    });
    expect(usageOf(account({ acc_id_util_pct: 100 }))).not.toHaveProperty('regainMillis');
  });

  const entries = {
    '1': [
      { type: 'custom_audience', call_count: 2, total_cputime: 1, total_time: 91, estimated_time_to_regain_access: 0 },
      { type: 'ads_management', call_count: 77, total_cputime: 1, total_time: 1, estimated_time_to_regain_access: 0 },
    ],
    '2': [
      { type: 'ads_management', call_count: 80, estimated_time_to_regain_access: 0 },
      { type: 'custom_audience', call_count: 5, estimated_time_to_regain_access: 3 },
    ],
    '3': [{ type: 'pages', call_count: 100, estimated_time_to_regain_access: 60 }],
  };

  it("reads the use case of the call in the caller's ad account, and no other", () => {
    const read = (useCase: Caller['useCase'], adAccountId?: string) =>
      usageOf(business(entries), { useCase, adAccountId });
    expect(read('ads_management', 'act_1')).toEqual({ percent: 77, scopes: [{ scope: 'useCase', percent: 77 }] });
    expect(read('custom_audience', 'act_1')).toMatchObject({ percent: 91 });
    expect(read('ads_management', 'act_3')).toBeUndefined();
    expect(read('ads_management', 'act_4')).toBeUndefined();
  });

  it('reads the minutes until calls are allowed again', () => {
    expect(usageOf(business(entries), { useCase: 'custom_audience', adAccountId: 'act_2' })).toMatchObject({
      percent: 100,
      regainMillis: 180_000,
      scopes: [{ scope: 'useCase', percent: 100, regainMillis: 180_000 }],
    });
  });

  it('takes the worst ad account where the own one is not known, of the use case alone', () => {
    expect(usageOf(business(entries))).toEqual({ percent: 80, scopes: [{ scope: 'useCase', percent: 80 }] });
  });

  it('keeps app and account apart', () => {
    expect(usageOf({ ...app({ call_count: 80 }), ...account({ acc_id_util_pct: 20 }) })).toEqual({
      percent: 80,
      scopes: [
        { scope: 'app', percent: 80 },
        { scope: 'account', percent: 20 },
      ],
    });
  });

  it('takes a repeated header by its first value', () => {
    expect(usageOf({ 'x-app-usage': ['{"call_count":5}', '{"call_count":6}'] })).toMatchObject({ percent: 5 });
  });

  it('is undefined when there is nothing that can be read', () => {
    const unreadable = ['', '{', 'null', '7', '[]', '{}', '{"call_count":null}', '{"call_count":-1}', '{"1":{}}'];
    for (const text of unreadable) {
      const headers = { 'x-app-usage': text, 'x-ad-account-usage': text, 'x-business-use-case-usage': text };
      expect(usageOf(headers), text).toBeUndefined();
    }
    expect(usageOf({})).toBeUndefined();
  });
});
