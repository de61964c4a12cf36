import { shopEvents } from '../../examples/shop-events.ts';

/** Two configurations of a shop that differ in five ways, and what that comes to, counted from the events alone. */
export interface KnownDifferences {
  readonly old: object;
  readonly new: object;
  /** As lines of a file, which holds no tombstones. */
  events(count: number): Generator<Buffer>;
  /** After all events were taken. */
  expected(): ShownDifferences;
}

/** What of a comparison's JSON is looked at: all that differs, but no examples. */
export interface ShownDifferences {
  readonly records: number;
  readonly undecodable: number;
  readonly subscriptions: Readonly<Record<string, object>>;
  readonly audiences: object;
}

interface Side {
  readonly sums: Readonly<Record<string, { readonly value: number }>>;
}

interface Told {
  readonly records: number;
  readonly undecodable: number;
  readonly subscriptions: readonly {
    readonly subscription: string;
    readonly old: Side;
    readonly new: Side;
    readonly fields: Readonly<Record<string, { readonly count: number }>>;
    readonly [more: string]: unknown;
  }[];
  readonly audiences: readonly { readonly audience: string; readonly added: object; readonly removed: object }[];
}

export function shownDifferences(json: string): ShownDifferences {
  const { records, undecodable, subscriptions, audiences } = JSON.parse(json) as Told;
  const shown = subscriptions.map(({ subscription, destination: _, old, new: after, fields, ...counts }) => [
    subscription,
    {
      ...counts,
      fields: Object.fromEntries(Object.entries(fields).map(([path, { count }]) => [path, count])),
      cents: movedCents(
        new Map(Object.entries(old.sums).map(([key, { value }]) => [key, value])),
        new Map(Object.entries(after.sums).map(([key, { value }]) => [key, value])),
      ),
    },
  ]);
  return {
    records,
    undecodable,
    subscriptions: Object.fromEntries(shown),
    audiences: Object.fromEntries(audiences.map(({ audience, added, removed }) => [audience, { added, removed }])),
  };
}

type Sums = Map<string, number>;

/** By how much sums of a day and currency change; nothing of those that don't. */
function movedCents(before: Sums, after: Sums): Readonly<Record<string, number>> {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  const moved = keys.map((key) => [key, Math.round(((after.get(key) ?? 0) - (before.get(key) ?? 0)) * 100)] as const);
  return Object.fromEntries(moved.filter(([, cents]) => cents !== 0));
}

const unchanged = {
  ...{ gained: 0, lost: 0, changed: 0, fields: {}, cents: {} },
  ...{ keysGained: {}, keysLost: {}, deadLettersAppear: {}, deadLettersGo: {} },
};
const nobody = { old: 0, new: 0, onlyOld: 0, onlyNew: 0 };

const settings = { pixel_id: '1234567890', ad_account_id: '55', access_token: { $env: 'META_ACCESS_TOKEN' } };
const cheap = 30;
/** Half an hour into a day, so that the hour of the history is of two days. */
const startTime = Date.UTC(2026, 2, 1, 0, 30);
const completed = 'type = "track" and event = "Order Completed"';
const buyers = { name: 'Buyers', action: 'sync-audience' };
const ofBuyers = { audience_id: '77', membership: 'add', external_id: { '@path': '$.anonymousId' } };

function sides() {
  const viewed = 'type = "track" and event = "Product Viewed"';
  const bought = `${completed} and properties.revenue > 0`;
  const value = { '@path': '$.properties.total' };
  const old = [
    { name: 'Pages', action: 'page-view' },
    { name: 'Views', action: 'view-content', trigger: viewed },
    { name: 'Carts', action: 'add-to-cart' },
    { name: 'Orders', action: 'purchase', trigger: completed, mapping: { value } },
    { ...buyers, trigger: bought, mapping: ofBuyers },
  ];
  const currency = { '@first': [{ '@path': '$.properties.currency' }, 'USD'] };
  const changed = [
    { name: 'Pages', action: 'page-view', mapping: { em: null } },
    { name: 'Views', action: 'view-content', trigger: `${viewed} and properties.price >= ${cheap}` },
    { name: 'Carts', action: 'add-to-cart', mapping: { currency: 'EUR' } },
    { name: 'Orders', action: 'purchase', trigger: completed, mapping: { value, currency } },
    { ...buyers, trigger: `${bought} and userId != null`, mapping: ofBuyers },
  ];
  const file = (subscriptions: readonly object[]) => ({ name: 'shop', settings, subscriptions });
  return { old: file(old), new: file(changed) };
}

interface Call {
  readonly type: string;
  readonly event?: string;
  readonly timestamp: string;
  readonly userId?: string;
  readonly anonymousId: string;
  readonly context: { readonly traits?: { readonly email?: string } };
  readonly properties: {
    readonly price?: number;
    readonly quantity?: number;
    readonly total?: number;
    readonly currency?: string;
  };
}

export function knownDifferences(): KnownDifferences {
  const counts = {
    records: 0,
    undecodable: 0,
    pagesWithEmail: 0,
    cheapViews: 0,
    foreignCarts: 0,
    withoutCurrency: 0,
    unknownBuyers: 0,
  };
  const carts: { readonly old: Sums; readonly new: Sums } = { old: new Map(), new: new Map() };
  const repaired: Sums = new Map();
  const cheapWorth: Sums = new Map();
  const buyersOf = { old: new Set<string>(), new: new Set<string>() };

  function count(kind: string, flaw: string | undefined, value: Buffer): void {
    counts.records += 1;
    if (kind === 'undecodable') counts.undecodable += 1;
    if (flaw === 'purchase without currency') {
      counts.withoutCurrency += 1;
      const { timestamp, properties } = JSON.parse(value.toString()) as Call;
      add(repaired, timestamp, 'USD', properties.total ?? 0);
    }
    if (kind !== 'valid' && kind !== 'unmatched') return;
    const call = JSON.parse(value.toString()) as Call;
    const { type, event, timestamp, userId, anonymousId, context, properties } = call;
    if (type === 'page' && context.traits?.email !== undefined) counts.pagesWithEmail += 1;
    if (event === 'Product Viewed' && (properties.price ?? 0) < cheap) {
      counts.cheapViews += 1;
      add(cheapWorth, timestamp, properties.currency ?? '', properties.price ?? 0);
    }
    if (event === 'Product Added') {
      const worth = (properties.price ?? 0) * (properties.quantity ?? 1);
      if (properties.currency !== 'EUR') counts.foreignCarts += 1;
      add(carts.old, timestamp, properties.currency ?? '', worth);
      add(carts.new, timestamp, 'EUR', worth);
    }
    if (event !== 'Order Completed') return;
    buyersOf.old.add(anonymousId);
    if (userId === undefined) counts.unknownBuyers += 1;
    else buyersOf.new.add(anonymousId);
  }

  return {
    ...sides(),
    *events(total) {
      for (const { kind, flaw, value } of shopEvents({ count: total, seed: 19, startTime })) {
        // A text that is cut is a line all the same.
        if (value === null) continue;
        count(kind, flaw, value);
        yield value;
      }
    },
    expected: () => ({
      records: counts.records,
      undecodable: counts.undecodable,
      subscriptions: {
        Pages: {
          ...unchanged,
          changed: counts.pagesWithEmail,
          fields: { 'user_data.em': counts.pagesWithEmail },
          keysLost: { em: counts.pagesWithEmail },
        },
        Views: { ...unchanged, lost: counts.cheapViews, cents: movedCents(cheapWorth, new Map()) },
        Carts: {
          ...unchanged,
          changed: counts.foreignCarts,
          fields: { 'custom_data.currency': counts.foreignCarts },
          cents: movedCents(carts.old, carts.new),
        },
        Orders: {
          ...unchanged,
          gained: counts.withoutCurrency,
          cents: movedCents(new Map(), repaired),
          deadLettersGo: { PURCHASE_CURRENCY_MISSING: counts.withoutCurrency },
        },
        Buyers: { ...unchanged, lost: counts.unknownBuyers },
      },
      audiences: {
        '77': {
          added: {
            old: buyersOf.old.size,
            new: buyersOf.new.size,
            onlyOld: buyersOf.old.size - buyersOf.new.size,
            onlyNew: 0,
          },
          removed: nobody,
        },
      },
    }),
  };

  function add(sums: Sums, timestamp: string, currency: string, worth: number): void {
    const key = `${timestamp.slice(0, 10)} ${currency}`;
    sums.set(key, (sums.get(key) ?? 0) + worth);
  }
}
