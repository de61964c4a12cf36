import { resolve } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { conversionFields } from '../../src/kit/conversion/fields/conversion.ts';
import { fieldSchema, parsedSchema } from '../../src/kit/field-schema.ts';
import { loadActions } from '../../src/kit/load-actions.ts';

const ajv = new Ajv({ strict: true, allowUnionTypes: true });
const validate = ajv.compile(fieldSchema(conversionFields));

test('describes every field by label and description', () => {
  expect(fieldSchema(conversionFields)).toMatchObject({
    type: 'object',
    properties: { em: { title: 'Email', description: expect.stringContaining('E-mail') } },
    required: ['event_name'],
    additionalProperties: false,
  });
});

test.each([
  ['values of the right types', { event_name: 'Purchase', value: 5, em: ['a@b.co'], opt_out: true }],
  ['one value for a list', { event_name: 'Purchase', em: 'a@b.co' }],
  [
    'a time in either form',
    { event_name: 'Purchase', event_time: '2026-01-01', original_event_data: { event_time: 5 } },
  ],
  ['an object for a birthday', { event_name: 'Purchase', db: { year: 1990, month: 1, day: 1 } }],
  ['further members of an open object', { event_name: 'Purchase', custom_data: { plan: 'gold' } }],
])('takes %s', (_, value) => {
  expect(validate(value)).toBe(true);
});

test.each([
  ['a field that there is not', { event_name: 'Purchase', email: 'a@b.co' }],
  ['a member that there is not', { event_name: 'Purchase', contents: [{ id: 'a', name: 'b' }] }],
  ['text for a number', { event_name: 'Purchase', value: '5' }],
  ['no choice', { event_name: 'Purchase', messaging_channel: 'sms' }],
  ['a list of another length', { event_name: 'Purchase', app_data: { extinfo: ['a2'] } }],
  ['no name', {}],
])('refuses %s', (_, value) => {
  expect(validate(value)).toBe(false);
});

// The program compiles them for the first value, without a look at whether they are schemas.
test('what is read into the fields of each action is checked by a schema', async () => {
  const actions = await loadActions(resolve('actions'));
  const ofRead = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false });
  for (const [key, { definition }] of actions) {
    expect(() => ofRead.compile(parsedSchema(definition.fields)), key).not.toThrow();
  }
});
