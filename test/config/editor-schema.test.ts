import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { shippedEditorSchema } from '../../scripts/destination-schema.ts';

const root = resolve(import.meta.dirname, '../..');
const schema = JSON.parse(readFileSync(join(root, 'schema/destination.schema.json'), 'utf8'));
const validate = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false }).compile(schema);

const files = ['mappings', 'mappings/presets'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.json') && !name.endsWith('.test.json'))
    .map((name) => `${folder}/${name}`),
);

function fileWith(subscription: object) {
  const settings = { pixel_id: '1', access_token: { $env: 'TOKEN' } };
  return { name: 'shop', settings, subscriptions: [{ name: 'Orders', action: 'purchase', ...subscription }] };
}

test('the schema in the repository is the one of these actions (npm run schema writes it)', async () => {
  expect(schema).toEqual(JSON.parse(JSON.stringify(await shippedEditorSchema())));
});

test.each(files)('%s is valid', (file) => {
  expect(validate(parse(readFileSync(join(root, file), 'utf8'))), JSON.stringify(validate.errors)).toBe(true);
});

describe('what a subscription may map', () => {
  test.each([
    ['a literal of its type', { value: 12.5, currency: 'EUR', opt_out: true }],
    ['a directive', { value: { '@path': '$.properties.total' } }],
    ['nested directives', { em: { '@first': [{ '@path': '$.traits.email' }, { '@template': '{{userId}}@x' }] } }],
    ['null, for nothing', { value: null }],
    ['a list, or one of it', { content_ids: ['a', { '@path': '$.sku' }], em: 'ann@example.com' }],
    ['the members of an object', { original_event_data: { event_name: { '@path': '$.event' } } }],
    ['own members of custom data', { custom_data: { loyalty: { tier: { '@path': '$.traits.tier' } } } }],
    ['everything inside @literal', { extra: { '@literal': { '@path': 1 } } }],
    ['a note beside a directive', { value: { '@path': '$.properties.total', _metadata: {} } }],
  ])('%s', (_title, mapping) => {
    expect(validate(fileWith({ mapping })), JSON.stringify(validate.errors)).toBe(true);
  });

  test.each([
    ['a field that the action does not have', { valeu: 1 }],
    ['text for a number', { value: 'a lot' }],
    ['an unknown directive', { value: { '@pth': '$.properties.total' } }],
    ['two directives', { value: { '@path': '$.properties.total', '@literal': 1 } }],
    ['a key beside a directive', { value: { '@path': '$.properties.total', other: 1 } }],
    ['a wrong argument', { value: { '@case': { operator: 'title', value: 'x' } } }],
    ['an unknown directive deep inside', { custom_data: { a: [{ b: { '@nothing': 1 } }] } }],
    ['a member that an object does not have', { original_event_data: { event_nam: 'x' } }],
    ['a directive for all fields', { '@path': '$.properties' }],
    ['a choice that there is not', { messaging_channel: 'sms' }],
  ])('not %s', (_title, mapping) => {
    expect(validate(fileWith({ mapping }))).toBe(false);
  });
});

describe('a file is refused', () => {
  test.each([
    ['with an unknown action', fileWith({ action: 'purchse' })],
    ['without the trigger of an action that has none', fileWith({ action: 'lead' })],
    ['with a token in it', { ...fileWith({}), settings: { pixel_id: '1', access_token: 'EAAB' } }],
    ['with an unknown setting', { ...fileWith({}), settings: { access_token: { $env: 'T' }, pixel: '1' } }],
  ])('%s', (_title, file) => {
    expect(validate(file)).toBe(false);
  });
});

test('every field has a title and a description for the editor', () => {
  const fields: [string, { title?: string; description?: string }][] = Object.entries(schema.$defs.field);
  expect(fields.length).toBeGreaterThan(60);
  for (const [name, { title, description }] of fields) expect([name, title, description]).not.toContain(undefined);
});
