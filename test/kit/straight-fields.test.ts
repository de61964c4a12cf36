import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultMapping } from '../../src/kit/default-mapping.ts';
import { compileProgram } from '../../src/mapping/compile.ts';
import { actions } from '../actions/order-table.ts';

const text = fc.oneof(
  fc.constantFrom<unknown>('', ' ', 'x'.repeat(16_385), 'USD', '7', '1e3', 'Ada', '2026-11-20T11:00:00Z'),
  fc.string({ maxLength: 8 }),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 3, 2 ** 60),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('id', 'price', 'quantity', 'sku', 'city', '__proto__'), tie('value'), { maxKeys: 4 }),
  ),
}));
const members = (...names: readonly string[]) =>
  fc.oneof({ weight: 5, arbitrary: fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 8 }) }, value);
/** As it comes out of a record. */
const parsed = (given: unknown): never => JSON.parse(JSON.stringify(given)) as never;
const product = members('id', 'product_id', 'sku', 'price', 'quantity', 'name');
const properties = fc.record(
  {
    products: fc.oneof(fc.array(product, { maxLength: 3 }), value),
    total: value,
    currency: value,
    order_id: value,
    email: value,
    address: members('city', 'state', 'zip', 'country'),
  },
  { requiredKeys: [] },
);
const anyEvent = fc.record(
  {
    type: fc.constant('track'),
    event: value,
    userId: value,
    messageId: value,
    timestamp: value,
    traits: members('email', 'phone', 'firstName', 'address', 'birthday'),
    context: members('ip', 'traits', 'page', 'device', 'fbp', 'locale'),
    properties: fc.oneof({ weight: 5, arbitrary: properties }, value),
  },
  { requiredKeys: [] },
);

test('fields that are read straight from an event are those of its mapped object', () => {
  const straight = ['purchase', 'page-view', 'sync-audience'].flatMap((key) => {
    const action = actions.get(key);
    if (action === undefined) throw new Error(`no action ${key}`);
    const program = compileProgram(defaultMapping(action.definition));
    if (program.members === undefined) throw new Error('a mapping without members');
    return [{ action, program, read: program.members.read, parse: action.parser(program.members.members) }];
  });
  fc.assert(
    fc.property(fc.constantFrom(...straight), anyEvent.map(parsed), ({ action, program, read, parse }, event) => {
      const { fields, failure, warnings } = parse(read(event));
      const expected = action.parse(program.run(event));
      expect({ failure, warnings }).toStrictEqual({ failure: expected.failure, warnings: expected.warnings });
      if (failure === undefined) expect(fields).toStrictEqual(expected.fields);
    }),
    { numRuns: 1_000 },
  );
});

test('an item that stays as it is is read as one that is looked at member by member', () => {
  const action = actions.get('purchase');
  if (action === undefined) throw new Error('no such action');
  const item = members('id', 'quantity', 'item_price', 'title', 'brand', 'delivery_category');
  fc.assert(
    fc.property(fc.array(item, { maxLength: 3 }).map(parsed), (contents: readonly unknown[]) => {
      // A member of no field is dropped, and keeps an item from being taken as it stands.
      const slow = contents.map((each) =>
        typeof each === 'object' && each !== null && !Array.isArray(each) ? { unheardOf: 1, ...each } : each,
      );
      expect(action.parse({ event_name: 'E', contents })).toStrictEqual(
        action.parse({ event_name: 'E', contents: slow }),
      );
    }),
    { numRuns: 500 },
  );
});
