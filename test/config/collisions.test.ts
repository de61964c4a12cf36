import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadDestinations } from '../../src/config/load.ts';
import { loadBuiltInActions } from '../../src/connector/available-actions.ts';
import { fileOf, loadSubscriptions } from './load-text.ts';

const orders = 'type = "track" and event = "Order Completed"';

function warningsOf(...subscriptions: readonly object[]) {
  const { problems } = loadSubscriptions(...subscriptions);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return problems.map(({ code, message, line }) => ({ code, message, line }));
}

const purchase = (name: string, more: object = {}) => ({ name, action: 'purchase', ...more });

describe('two subscriptions that send the same action for the same events are warned of, by name', () => {
  test.each([
    ['both by default', {}, {}],
    ['the same trigger, written otherwise', {}, { trigger: `(event = 'Order Completed') and type = 'track'` }],
    ['one within the other', { trigger: `${orders} and properties.total > 100` }, {}],
    ['other mappings of other fields', {}, { mapping: { value: { '@path': '$.properties.revenue' } } }],
    ['the same consent', { consent: 'context.consent.ads' }, { consent: 'context.consent.ads' }],
  ])('%s', (_title, first, second) => {
    const warnings = warningsOf(purchase('Web orders', first), purchase('All orders', second));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ code: 'SAME_EVENTS', line: expect.any(Number) });
    expect(warnings[0]?.message).toMatch(/"Web orders".*"All orders"|"All orders".*"Web orders"/);
    expect(warnings[0]?.message).toContain('DUPLICATE_EVENT_ID');
  });

  test('with another event_id the events are counted twice', () => {
    const mapping = { event_id: { '@path': '$.properties.order_id' } };
    const [warning] = warningsOf(purchase('A'), purchase('B', { mapping }));
    expect(warning).toMatchObject({ code: 'SAME_EVENTS', message: expect.stringContaining('counts it twice') });
  });

  test('changes of an audience too, when everything is mapped alike', () => {
    const sync = (name: string, audience: string) => ({
      name,
      action: 'sync-audience',
      trigger: 'type = "track"',
      mapping: { audience_id: audience },
    });
    expect(warningsOf(sync('A', '1'), sync('B', '2'))).toEqual([]);
    const [warning, ...others] = warningsOf(sync('A', '1'), sync('B', '1'));
    expect(warning).toMatchObject({ code: 'SAME_EVENTS', message: expect.stringContaining('one is enough') });
    expect(others).toEqual([]);
  });

  test('each pair once, at the later of the two', () => {
    expect(warningsOf(purchase('A'), purchase('B'), purchase('C'))).toHaveLength(3);
  });
});

describe('an event_id that could be sent twice is warned of', () => {
  test('by two actions that send the same event name', () => {
    const mapping = { event_name: 'CompleteRegistration' };
    const custom = { name: 'Own', action: 'custom-event', trigger: 'type = "track" and event = "Signed Up"', mapping };
    const [warning] = warningsOf(custom, { name: 'Registrations', action: 'complete-registration' });
    expect(warning?.code).toBe('EVENT_ID_COLLISION');
    expect(warning?.message).toContain('"Own"');
    expect(warning?.message).toContain('"Registrations"');
  });

  test('where there is an event that both triggers match', () => {
    const gifts = purchase('Gifts', { trigger: `${orders} and properties.gift` });
    const large = purchase('Large', { trigger: `${orders} and properties.total > 100` });
    expect(warningsOf(gifts, large)).toMatchObject([{ code: 'EVENT_ID_COLLISION' }]);
  });
});

describe('there is no warning', () => {
  test.each([
    [
      'for triggers that exclude each other',
      { trigger: `${orders} and properties.total > 100` },
      { trigger: `${orders} and properties.total <= 100` },
    ],
    ['for other events', {}, { trigger: 'type = "track" and event = "Order Updated"' }],
    ['for another event name', {}, { mapping: { event_name: 'LargeOrder' } }],
    [
      'for names that the event gives',
      { mapping: { event_name: { '@path': '$.event' } } },
      { mapping: { event_name: { '@path': '$.properties.name' } } },
    ],
    ['for a subscription that is off', {}, { enabled: false }],
    [
      'for triggers that nothing certain is known of',
      { trigger: 'match(event, "Order*d")' },
      { trigger: 'match(event, "*Completed")' },
    ],
    [
      'where both may match and the ids differ',
      { trigger: `${orders} and properties.gift` },
      { trigger: `${orders} and properties.total > 1`, mapping: { event_id: { '@path': '$.properties.id' } } },
    ],
  ])('%s', (_title, first, second) => {
    expect(warningsOf(purchase('A', first), purchase('B', second))).toEqual([]);
  });

  test('in the files that come with the product, each on its own', async () => {
    const actions = await loadBuiltInActions();
    for (const name of [
      'web-store.json',
      'presets/web-shop.json',
      'presets/app-events.json',
      'presets/crm-leads.json',
    ]) {
      const { problems } = loadDestinations(join(import.meta.dirname, '../../mappings', name), {
        actions,
        environment: {},
      });
      expect(problems).toEqual([]);
    }
  });
});

describe('two files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'collisions-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('that send to one pixel are compared, and both destinations named', async () => {
    writeFileSync(join(folder, 'a.json'), fileOf([purchase('Orders')], 'shop-a'));
    writeFileSync(join(folder, 'b.json'), fileOf([purchase('Orders')], 'shop-b'));
    writeFileSync(join(folder, 'c.json'), fileOf([purchase('Orders')], 'shop-c').replace('"1"', '"2"'));
    const { problems } = loadDestinations(folder, { actions: await loadBuiltInActions(), environment: {} });
    expect(problems).toMatchObject([{ file: join(folder, 'b.json'), code: 'SAME_EVENTS', severity: 'warning' }]);
    expect(problems[0]?.message).toMatch(/shop-a.*shop-b/);
  });
});

test('a file of 200 subscriptions that never meet has no warning', () => {
  const subscriptions = Array.from({ length: 200 }, (_, index) => ({
    name: `S${index}`,
    action: 'custom-event',
    trigger: `type = "track" and event = "E${index}" and properties.total > ${index}`,
  }));
  expect(warningsOf(...subscriptions)).toEqual([]);
});
