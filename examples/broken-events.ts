/** What an event was made to be, seen with `mappings/web-store.json`. */
export type Kind = 'valid' | 'unmatched' | 'invalid' | 'undecodable' | 'tombstone';

export interface BrokenEvent {
  readonly kind: Kind;
  /** What is wrong with it, in plain words. */
  readonly flaw: string;
  readonly value: Buffer | null;
}

/** Members that each valid event of the shop has. */
export type ShopCall = Readonly<Record<string, unknown>>;

interface Flaw {
  readonly kind: Kind;
  readonly flaw: string;
  value(order: ShopCall): Buffer | null;
}

/** One of each thing that goes wrong in real topics. Each is made of a completed order that was sound. */
const flaws: readonly Flaw[] = [
  { kind: 'undecodable', flaw: 'not JSON', value: (order) => bytes(order).subarray(0, 200) },
  {
    kind: 'invalid',
    flaw: 'purchase without currency',
    value: (order) => bytes(withProperties(order, { currency: null })),
  },
  { kind: 'undecodable', flaw: 'unknown type', value: (order) => bytes({ ...order, type: 'purchase' }) },
  { kind: 'invalid', flaw: 'of 1970', value: (order) => bytes({ ...order, timestamp: '1970-01-02T00:00:00.000Z' }) },
  { kind: 'tombstone', flaw: 'no value', value: () => null },
  { kind: 'invalid', flaw: 'nobody to match it to', value: (order) => bytes(withoutIdentifiers(order)) },
  {
    kind: 'undecodable',
    flaw: 'not UTF-8',
    value: (order) => Buffer.concat([bytes(order).subarray(0, -1), Buffer.from(',"note":"caf\xe9"}', 'latin1')]),
  },
];

/** The `turn`th broken event; all kinds take their turn. */
export function brokenEvent(order: ShopCall, turn: number): BrokenEvent {
  const made = flaws[turn % flaws.length];
  if (made === undefined) throw new RangeError('there are no flaws');
  return { kind: made.kind, flaw: made.flaw, value: made.value(order) };
}

function bytes(call: ShopCall): Buffer {
  return Buffer.from(JSON.stringify(call));
}

function withProperties(order: ShopCall, change: ShopCall): ShopCall {
  const properties = order['properties'];
  return { ...order, properties: { ...(typeof properties === 'object' ? properties : {}), ...change } };
}

/** Nothing is left but the browser's name, which Meta refuses as too broad (Meta: best practices). */
function withoutIdentifiers(order: ShopCall): ShopCall {
  const { userId: _userId, anonymousId: _anonymousId, context, ...rest } = order;
  const { userAgent, page } = {
    userAgent: undefined,
    page: undefined,
    ...(typeof context === 'object' ? context : {}),
  };
  return withProperties({ ...rest, context: { userAgent, page } }, { email: null, phone: null, fbp: null, fbc: null });
}
