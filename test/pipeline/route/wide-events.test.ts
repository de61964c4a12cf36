import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDestination } from '../../../src/connector/load-destination.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Destination } from '../../../src/core/subscription.ts';
import { type EventPlan, planEvents } from '../../../src/pipeline/route/plan.ts';
import { fakeRecord } from '../../support/deliveries.ts';

const at = Date.UTC(2026, 10, 20, 12);
const folder = mkdtempSync(join(tmpdir(), 'wide-events-'));
let shop: Destination;

beforeAll(async () => {
  const file = join(folder, 'shop.json');
  const mapping = { custom_data: { '@path': '$.properties.details' }, content_name: { '@path': '$.properties.late' } };
  writeFileSync(
    file,
    JSON.stringify({
      name: 'shop',
      settings: { pixel_id: '1234567890', access_token: { $env: 'TOKEN' } },
      subscriptions: [{ name: 'Orders', action: 'purchase', trigger: 'event = "Order Completed"', mapping }],
    }),
  );
  shop = await loadDestination(file, { environment: { TOKEN: 't' } });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Stands for members of an object in the text of a record. */
const wide = { wide: '' };
const membersText = (count: number) => Array.from({ length: count }, (_, n) => `"member_${n}":${n}`).join(',');
/** More than are read, in a text that is long enough to be counted. */
const enough = membersText(30_000);

const order = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'track',
  event: 'Order Completed',
  messageId: 'm-1',
  userId: 'customer-1',
  timestamp: new Date(at).toISOString(),
  properties: { total: 20, currency: 'EUR', ...properties },
  ...more,
});

const plansOf = (message: unknown, members = enough): readonly EventPlan[] => {
  const text = JSON.stringify(message).replaceAll('"wide":""', members);
  const record = fakeRecord({ value: Buffer.from(text) });
  return [...planEvents(record, [shop], { decode: { envelope: [], maxRecordBytes: 2 ** 26 } }, at, () => false)];
};

/** What is sent of each event and the warnings, or the code of the dead letter. */
const madeOf = (message: unknown, members = enough) =>
  plansOf(message, members).map(({ decisions }) =>
    decisions.map((decision) => {
      if (decision.kind === 'undecodable') return decision.failure.code;
      if (decision.kind !== 'deliver') return decision.kind;
      const { custom_data } = JSON.parse(decision.ready.body) as { custom_data: JsonObject };
      return { custom_data, warnings: decision.ready.warnings.map(({ code, field }) => [code, field]) };
    }),
  );

const money = { value: 20, currency: 'EUR' };

describe('an event with more members than are read', () => {
  test('goes without a custom_data of 600,000, with one warning', () => {
    expect(madeOf(order({ details: wide }), membersText(600_000))).toEqual([
      [{ custom_data: money, warnings: [['FIELD_TOO_LARGE', 'custom_data']] }],
    ]);
  });

  test('says that members were not read where no field is left out for them', () => {
    const [[made] = []] = madeOf(order({ ...wide, late: 'Shoes' }));
    expect(made).toMatchObject({ custom_data: money, warnings: [['MEMBERS_UNREAD', undefined]] });
  });

  test('says it in the warning about the field, too', () => {
    const [plan] = plansOf(order({ details: wide }));
    const [decision] = plan?.decisions ?? [];
    const warnings = decision?.kind === 'deliver' ? decision.ready.warnings : [];
    expect(warnings.map(({ message }) => message)).toEqual([
      'Custom Data (custom_data) holds more than a field may and was left out. Of an object of the event only the first 10001 members were read.',
    ]);
  });

  test('is a dead letter if no trigger selects it by what was read', () => {
    expect(madeOf({ ...wide, ...order({}) })).toEqual([['TOO_MANY_MEMBERS']]);
    expect(madeOf(order({ details: wide }, { event: 'Something Else' }))).toEqual([['TOO_MANY_MEMBERS']]);
  });

  test('leaves the others of its batch alone', () => {
    const large = order({ details: wide });
    const made = madeOf({ batch: [order({}), large, order({ details: { a: 1 } }, { messageId: 'm-3' })] });
    expect(made).toEqual([
      [{ custom_data: money, warnings: [] }],
      ['reject'],
      [{ custom_data: { ...money, a: 1 }, warnings: [] }],
    ]);
  });

  test('is a dead letter where too many names are new', () => {
    const details = Array.from({ length: 40_000 }, (_, n) => ({ [`name_${n}`]: 1 }));
    expect(madeOf(order({ details }))).toEqual([['TOO_MANY_MEMBERS']]);
  });
});
