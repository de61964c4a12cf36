import { describe, expect, it } from 'vitest';
import { samples } from '../../examples/samples.ts';
import { loadBuiltInActions } from '../../src/connector/available-actions.ts';
import { loadDestination } from '../../src/config/destination.ts';
import { createComparison } from '../../src/diff/comparison.ts';
import { createMembers } from '../../src/diff/members.ts';
import { parseGate } from '../../src/diff/gate.ts';
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

function shop(subscriptions: readonly Subscription[], name = 'shop', pixel = '1') {
  const settings = { pixel_id: pixel, ad_account_id: '5', access_token: { $env: 'TOKEN' } };
  const text = JSON.stringify({ name, settings, subscriptions });
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

const head = { old: 'a', new: 'b', events: 'c', notes: [] };

describe('two configurations over the same events', () => {
  it('have no difference where they are the same, of whatever age the events are', () => {
    const events = [order(1), order(2), samples['Product Added'] ?? {}, { type: 'nothing' }];
    const result = compared([orders, carts, buyers], [orders, carts, buyers], events);
    expect(isSame(result)).toBe(true);
    expect(result).toMatchObject({ records: 4, events: 3, undecodable: 1 });
    expect(result.subscriptions.map(({ old }) => old.sent)).toEqual([2, 1, 2]);
  });

  it('read an age in whatever way events tell their time', () => {
    const seconds = Date.UTC(2025, 2, 1) / 1000;
    const times = [seconds, String(seconds * 1000), '2025-03-01 12:00:00'].map((timestamp) => ({ timestamp }));
    const earlier = { timestamp: undefined, originalTimestamp: '2025-03-01T12:00:00Z' };
    const events = [...times, earlier].map((time, number) => order(number, time));
    const [diff] = compared([orders], [orders], events).subscriptions;
    expect(diff?.old).toMatchObject({ sent: 4, rejected: new Map() });
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
    const other = { ...orders, mapping: { ...orders.mapping, event_id: { '@path': '$.properties.currency' } } };
    const [diff] = compared([orders], [other], twice).subscriptions;
    expect([diff?.old.duplicates, diff?.new.duplicates]).toEqual([1, 2]);
  });

  it('tell each field once for an event, in whatever items of a list it changed, and members of what is gone whole', () => {
    const products = ['a', 'b', 'c'].map((id) => ({ product_id: id, price: 1, quantity: 1 }));
    const event = order(1, { properties: { total: 3, currency: 'EUR', products } });
    const contents = ['x', 'y', 'z'].map((id) => ({ id, quantity: 1, item_price: 1 }));
    const other = { ...orders, mapping: { ...orders.mapping, contents } };
    const [diff] = compared([orders], [other], [event]).subscriptions;
    expect(diff?.fields.get('custom_data.contents[].id')?.count).toBe(1);
    const add = { ...buyers, mapping: { ...buyers.mapping, ph: null } };
    const [row] = compared([add], [buyers], [order(1), order(2)]).subscriptions;
    expect([row?.changed, row?.keysGained]).toEqual([2, new Map([['PHONE', 2]])]);
  });

  it('tell that events go to another dataset, or as tests, though nothing in them changes', () => {
    const [old] = shop([orders]);
    const [moved] = shop([orders], 'shop', '2');
    const [tests] = shop([{ ...orders, mapping: { ...orders.mapping, test_event_code: 'TEST1' } }]);
    const fieldsOf = (after: typeof old) => {
      const comparison = createComparison({ old: old ? [old] : [], new: after ? [after] : [], decode });
      comparison.take(fakeRecord({ offset: 0, value: Buffer.from(JSON.stringify(order(1))) }));
      const [diff] = comparison.result().subscriptions;
      return [diff?.changed, ...(diff?.fields.keys() ?? [])];
    };
    expect(fieldsOf(moved)).toEqual([1, 'dataset']);
    expect(fieldsOf(tests)).toEqual([1, 'test_event_code']);
    expect(fieldsOf(old)).toEqual([0]);
  });

  it('know an event that goes to another pixel for another event', () => {
    const both = [...shop([orders]), ...shop([orders], 'outlet', '2')];
    const comparison = createComparison({ old: both, new: both, decode });
    comparison.take(fakeRecord({ offset: 0, value: Buffer.from(JSON.stringify(order(1))) }));
    expect(comparison.result().subscriptions.map(({ old }) => [old.sent, old.duplicates])).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });

  it('read each event of a record that holds several, and each by its own time', () => {
    const batch = { batch: [order(1), order(2, { timestamp: '2025-03-02T12:00:00Z' })] };
    const [diff] = compared([orders], [orders], [batch]).subscriptions;
    expect([...(diff?.new.sums ?? [])].map(([day]) => day)).toEqual(['2025-03-01 GBP', '2025-03-02 GBP']);
  });

  it('compare of a dead letter the subscription that it is about, and no other', () => {
    const comparison = createComparison({ old: shop([orders, buyers]), new: shop([orders, buyers]), decode });
    const part = { key: 'shop/Orders', entries: undefined };
    comparison.take(fakeRecord({ offset: 0, value: Buffer.from(JSON.stringify(order(1))) }), part);
    const { subscriptions, audiences } = comparison.result();
    expect(subscriptions.map(({ old, new: after }) => [old.sent, after.sent])).toEqual([
      [1, 1],
      [0, 0],
    ]);
    expect(audiences).toEqual([]);
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

  it('are reported with what is to be known of the history, and what nobody can know', () => {
    const noted = { ...head, notes: ['orders-1 begins later'] };
    const result = compared([orders], [orders], [order(1)]);
    for (const report of [
      asText(noted, result),
      asMarkdown(noted, result),
      asHtml(noted, result),
      asJson(noted, result),
    ]) {
      expect(report).toContain('orders-1 begins later');
      expect(report).toContain('what Meta has already');
    }
  });
});

/** One person's way through an audience. */
function member(id: number, event: string, more: object = {}): object {
  return order(id, {
    event,
    userId: `u-${id}`,
    messageId: `${event}-${id}`,
    context: { traits: { email: `${id}@example.com` } },
    ...more,
  });
}

function mirror(name: string, trigger: string, membership: string, id = '7') {
  return { name, action: 'sync-audience', trigger, mapping: { audience_id: id, membership } };
}

describe('members of an audience', () => {
  const joins = mirror('Joins', 'event = "Joined"', 'add');
  const leaves = mirror('Leaves', 'event = "Left"', 'remove');
  const history = [member(1, 'Joined'), member(2, 'Joined'), member(1, 'Left'), member(1, 'Left'), member(3, 'Left')];

  it('are each counted once, by their last change', () => {
    expect(compared([joins, leaves], [joins, leaves], history).audiences).toEqual([
      {
        audience: '7',
        added: { old: 1, new: 1, onlyOld: 0, onlyNew: 0 },
        removed: { old: 2, new: 2, onlyOld: 0, onlyNew: 0 },
      },
    ]);
  });

  it('are told who are no longer removed, and stay for that', () => {
    const result = compared([joins, leaves], [joins], history);
    expect(result.audiences).toEqual([
      {
        audience: '7',
        added: { old: 1, new: 2, onlyOld: 0, onlyNew: 1 },
        removed: { old: 2, new: 0, onlyOld: 2, onlyNew: 0 },
      },
    ]);
    expect(asText(head, result)).toContain('audience 7: people no longer removed: 2 -> ');
    expect(asText(head, result)).toContain('audience 7: people added:  -> 1');
    expect(parseGate('members_kept>0').failing(result)).toEqual(['audience 7']);
    expect(parseGate('members_gained>=50%').failing(result)).toEqual(['audience 7']);
    expect(parseGate('members_lost>0').failing(result)).toEqual([]);
    expect(JSON.parse(asJson(head, result)).audiences).toEqual(result.audiences);
  });

  it('of two audiences are counted apart', () => {
    const other = mirror('Joins', 'event = "Joined"', 'add', '8');
    const told = compared([joins], [other], [member(1, 'Joined')]).audiences;
    expect(told.map(({ audience, added }) => [audience, added.onlyOld, added.onlyNew])).toEqual([
      ['7', 1, 0],
      ['8', 0, 1],
    ]);
  });

  it('are the same ones when another column comes to name them', () => {
    const unnamed = { ...joins, mapping: { ...joins.mapping, external_id: null } };
    const known = { ...joins, mapping: { ...joins.mapping, external_id: { '@path': '$.userId' } } };
    const both = { ...known, trigger: 'event = "Joined" or event = "Seen"' };
    const events = [member(1, 'Seen'), member(1, 'Joined'), member(2, 'Joined')];
    const [diff] = compared([unnamed], [both], events).audiences;
    expect(diff?.added).toEqual({ old: 2, new: 2, onlyOld: 0, onlyNew: 0 });
  });

  it('leave when a replacement does not name them', () => {
    const change = (user: string, operation: 'add' | 'replace') => ({ operation, user, identifiers: [user], rows: [] });
    const update = (...changes: readonly ReturnType<typeof change>[]) => ({
      target: { kind: 'id' as const, id: '7' },
      settings: {},
      changes,
    });
    const members = createMembers();
    members.take({ old: [update(change('a', 'add'), change('b', 'add'))], new: [update(change('a', 'add'))] });
    members.take({ old: [update(change('b', 'replace'))], new: [] });
    expect(members.result().audiences[0]).toMatchObject({
      added: { old: 1, onlyOld: 1, onlyNew: 1 },
      removed: { old: 1, onlyOld: 1, onlyNew: 0 },
    });
  });

  it('are not followed beyond a bound, and that is told', () => {
    const members = createMembers({ people: 2, audiences: 1 });
    const update = (id: string, user: string) => ({
      target: { kind: 'id' as const, id },
      settings: {},
      changes: [{ operation: 'add' as const, user, identifiers: [user], rows: [] }],
    });
    for (const user of ['a', 'b', 'c', 'a']) members.take({ old: [update('7', user)], new: [] });
    members.take({ old: [], new: [update('8', 'a')] });
    expect(members.result()).toMatchObject({ notFollowed: 2, audiences: [{ added: { old: 2 } }] });
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
