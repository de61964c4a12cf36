import { expect, test } from 'vitest';
import { loadText } from './load-text.ts';

const purchases = { name: 'Orders', action: 'purchase' };
const members = {
  name: 'Members',
  action: 'sync-audience',
  trigger: 'type = "identify"',
  mapping: { audience_id: '7' },
};

function warnings(subscriptions: readonly object[], apiVersion: string | undefined, day: string | undefined) {
  const settings = {
    pixel_id: '1',
    access_token: { $env: 'TOKEN' },
    ...(apiVersion !== undefined && { api_version: apiVersion }),
  };
  const text = JSON.stringify({ name: 'shop', settings, subscriptions }, null, 2);
  const { problems, destination } = loadText(text, 'shop.json', day === undefined ? undefined : Date.parse(day));
  expect(destination).toBeDefined();
  return problems.filter(({ code }) => code === 'API_VERSION_ENDS');
}

test('a version that ends for what the destination does is warned of where it stands', () => {
  const [warning, ...more] = warnings([purchases, members], 'v25.0', '2027-01-01');
  expect(more).toEqual([]);
  expect(warning).toMatchObject({ severity: 'warning', line: 8, fix: expect.stringContaining('v27.0') });
  expect(warning?.source).toContain('"api_version": "v25.0"');
  expect(warning?.message).toContain('audiences');
});

test('a version that ends only for what the destination does not do is not', () => {
  expect(warnings([purchases], 'v25.0', '2027-01-01')).toEqual([]);
  expect(warnings([purchases, { ...members, enabled: false }], 'v25.0', '2027-01-01')).toEqual([]);
  expect(warnings([purchases], 'v25.0', '2028-07-01')).toHaveLength(1);
});

test('nothing is said 91 days before, of the newest version, and where nobody knows the time', () => {
  expect(warnings([members], 'v25.0', '2026-11-24')).toEqual([]);
  expect(warnings([members], undefined, '2027-01-01')).toEqual([]);
  expect(warnings([members], 'v24.0', undefined)).toEqual([]);
});
