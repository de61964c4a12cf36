import { describe, expect, it } from 'vitest';
import { usageOf } from '../../src/meta/usage.ts';

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

  it('takes the worst of all business use cases, whose times are minutes', () => {
    const entries = {
      '1': [
        { type: 'custom_audience', call_count: 2, total_cputime: 1, total_time: 1, estimated_time_to_regain_access: 0 },
        { type: 'ads_management', call_count: 77, total_cputime: 1, total_time: 1, estimated_time_to_regain_access: 0 },
      ],
      '2': [{ type: 'pages', call_count: 5, estimated_time_to_regain_access: 3 }],
    };
    expect(usageOf(business(entries))).toMatchObject({ percent: 100, regainMillis: 180_000 });
    expect(usageOf(business({ '1': entries['1'] }))).toEqual({
      percent: 77,
      scopes: [{ scope: 'account', percent: 77 }],
    });
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
