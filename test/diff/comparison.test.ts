import { describe, expect, it } from 'vitest';
import { samples } from '../../examples/samples.ts';
import { loadBuiltInActions } from '../../src/connector/available-actions.ts';
import { loadDestination } from '../../src/config/destination.ts';
import { createComparison } from '../../src/diff/comparison.ts';
import { parseGate } from '../../src/diff/gate.ts';
import { createIdSet } from '../../src/diff/id-set.ts';
import { asHtml, asJson, asMarkdown, asText, isSame } from '../../src/diff/report.ts';
import { fakeRecord } from '../support/deliveries.ts';

const actions = await loadBuiltInActions();
const decode = { envelope: [], maxRecordBytes: 1_000_000 };

interface Subscription {
  readonly name: string;
  readonly action: string;
  readonly trigger?: string;
  readonly mapping?: object;
}

function shop(subscriptions: readonly Subscription[]) {
  const settings = { pixel_id: '1', ad_account_id: '5', access_token: { $env: 'TOKEN' } };
  const text = JSON.stringify({ name: 'shop', settings, subscriptions });
  const { destination, problems } = loadDestination('shop.json', text, { actions, environment: {} });
  if (destination === undefined) throw new Error(JSON.stringify(problems));
  return [destination];
}

const orders = { name: 'Orders', action: 'purchase', mapping: { value: { '@path': '$.properties.total' } } };
const carts = { name: 'Carts', action: 'add-to-cart' };
const buyers = {
  name: 'Buyers',
  action: 'sync-audience',
  trigger: 'event = "Order Completed"',
  mapping: { audience_id: '7', membership: 'add' },
};

function compared(old: readonly Subscription[], after: readonly Subscription[], events: readonly object[]) {
  const comparison = createComparison({ old: shop(old), new: shop(after), decode });
  for (const [offset, event] of events.entries()) {
    comparison.take(fakeRecord({ offset, value: Buffer.from(JSON.stringify(event)) }));
  }
  return comparison.result();
}

function order(number: number, more: object = {}): object {
  return { ...samples['Order Completed'], messageId: `o-${number}`, timestamp: '2025-03-01T12:00:00Z', ...more };
}

const head = { old: 'a', new: 'b', events: 'c' };

describe('two configurations over the same events', () => {
  it('have no difference where they are the same, of whatever age the events are', () => {
    const events = [order(1), order(2), samples['Product Added'] ?? {}, { type: 'nothing' }];
    const result = compared([orders, carts, buyers], [orders, carts, buyers], events);
    expect(isSame(result)).toBe(true);
    expect(result).toMatchObject({ records: 4, events: 3, undecodable: 1 });
    expect(result.subscriptions.map(({ old }) => old.sent)).toEqual([2, 1, 2]);
  });

  it('tell events that are gained and lost, and the money of each day', () => {
    const other = { ...orders, trigger: 'type = "track" and event = "Order Completed" and properties.total > 100' };
    const events = [order(1), order(2, { properties: { total: 200, currency: 'EUR' } })];
    const [lost] = compared([orders], [other], events).subscriptions;
    expect(lost).toMatchObject({ lost: 1, gained: 0, changed: 0, old: { sent: 2 }, new: { sent: 1 } });
    expect(lost?.old.sums).toEqual(
      new Map([
        ['2025-03-01 GBP', { events: 1, value: 25 }],
        ['2025-03-01 EUR', { events: 1, value: 200 }],
      ]),
    );
    expect(lost?.new.sums.has('2025-03-01 GBP')).toBe(false);
    expect(compared([other], [orders], events).subscriptions[0]).toMatchObject({ lost: 0, gained: 1 });
  });

  it('tell fields that changed, and identifiers that go, without showing a person', () => {
    const other = { ...orders, mapping: { value: 1, em: { '@path': '$.nowhere' } } };
    const result = compared([orders], [other], [order(1)]);
    const [diff] = result.subscriptions;
    expect([...(diff?.fields ?? [])].map(([path, { count }]) => [path, count])).toEqual([
      ['user_data.em', 1],
      ['custom_data.value', 1],
    ]);
    expect(diff?.keysLost).toEqual(new Map([['em', 1]]));
    expect(diff?.fields.get('custom_data.value')?.examples).toMatchObject([{ before: '25', after: '1' }]);
    const email = JSON.parse(asJson(head, result)).subscriptions[0].fields['user_data.em'].examples[0];
    expect(email).toMatchObject({ before: expect.stringMatching(/^\([0-9a-f]{8}\)$/), after: '(nothing)' });
  });

  it('tell dead letters that appear and go', () => {
    const events = [order(1, { properties: { total: 5 } })];
    const euro = { ...orders, mapping: { ...orders.mapping, currency: 'EUR' } };
    const [appear] = compared([euro], [orders], events).subscriptions;
    expect(appear?.deadLettersAppear).toEqual(new Map([['PURCHASE_CURRENCY_MISSING', 1]]));
    expect(appear).toMatchObject({ lost: 1 });
    const [go] = compared([orders], [euro], events).subscriptions;
    expect(go?.deadLettersGo).toEqual(new Map([['PURCHASE_CURRENCY_MISSING', 1]]));
  });

  it('tell changes of audiences, and subscriptions that come and go', () => {
    const result = compared([buyers], [{ ...carts, trigger: 'event = "Order Completed"' }], [order(1), order(2)]);
    const [cart, gone] = result.subscriptions;
    expect(cart).toMatchObject({ subscription: 'Carts', gained: 2 });
    expect(gone).toMatchObject({ subscription: 'Buyers', lost: 2 });
    expect(gone?.old.audience).toEqual(new Map([['add', 2]]));
  });

  it('tell events that are sent twice', () => {
    const twice = [order(1), order(1), order(2)];
    const other = { ...orders, mapping: { ...orders.mapping, event_id: 'always the same' } };
    const [diff] = compared([orders], [other], twice).subscriptions;
    expect([diff?.old.duplicates, diff?.new.duplicates]).toEqual([1, 2]);
  });

  it('are reported as text, Markdown and a page that runs nothing', () => {
    const other = { ...orders, name: 'Orders' };
    const result = compared([orders], [{ ...other, mapping: { value: 1 } }], [order(1)]);
    expect(asText(head, result)).toContain('shop/Orders: field custom_data.value changed:  -> 1');
    expect(asMarkdown({ ...head, old: 'a|b' }, result)).toContain('a\\|b');
    const page = asHtml({ ...head, old: '<script>' }, result);
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('<script');
  });
});

describe('a gate', () => {
  const result = compared([orders], [{ ...orders, trigger: 'event = "Nothing"' }], [order(1), order(2)]);

  it.each([
    ['lost>0', ['shop/Orders']],
    ['lost>=2', ['shop/Orders']],
    ['lost>2', []],
    ['lost > 99 %', ['shop/Orders']],
    ['gained>0', []],
    ['dead_letters>0', []],
  ])('%s', (text, expected) => {
    expect(parseGate(text).failing(result)).toEqual(expected);
  });

  it.each(['lost', 'lost<3', 'money>0', '', 'lost>x', '__proto__>0'])('that is none is refused: %s', (text) => {
    expect(() => parseGate(text)).toThrow(/write lost>0/);
  });
});

describe('a set of ids', () => {
  it('knows every text that was added, and no other', () => {
    const ids = createIdSet();
    for (let id = 0; id < 50_000; id++) expect(ids.add(`id-${id}`)).toBe(true);
    for (let id = 0; id < 50_000; id++) expect(ids.add(`id-${id}`)).toBe(false);
    expect(ids.add('')).toBe(true);
    expect(ids.size).toBe(50_001);
  });
});
