import { recordKinds } from '../../core/record-kind.ts';

const perSubscription = (description: string, value: object) => ({
  type: 'object',
  description,
  additionalProperties: value,
});

const names = (description: string) => ({ type: 'array', items: { type: 'string' }, description });

const recordsSchema = {
  type: 'string',
  enum: recordKinds,
  description: 'What a record is, as the variable RECORDS says it; of a test: instead of its file. Default: events.',
};

/** JSON Schema of a test file of mappings, `*.test.json`; the editor's schema is the same one. */
export const testFileSchema = {
  type: 'object',
  properties: {
    $schema: { type: 'string', description: 'The schema for editors.' },
    mappings: {
      type: 'string',
      description: 'The destination file, from the folder of this one. Default: NAME.json beside NAME.test.json.',
    },
    now: {
      type: 'string',
      description:
        'The time of the test in ISO 8601. Default: the latest timestamp of the events of a test, else the time of the run.',
    },
    records: recordsSchema,
    tests: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: {
          name: { type: 'string', minLength: 1, description: 'The behaviour, as a sentence.' },
          event: { type: 'object', description: 'One event, or record.' },
          events: { type: 'array', items: { type: 'object' }, minItems: 1, description: 'Several; all must do.' },
          file: { type: 'string', description: 'A file of events, from the folder of this one.' },
          sample: {
            type: 'string',
            description: 'The name of a sample event of the Segment spec, such as Order Completed.',
          },
          set: {
            type: 'object',
            description: 'Values by path (properties.total) that are put into each event first; null takes one out.',
          },
          records: recordsSchema,
          record: {
            type: 'object',
            description: 'The record that the event comes in: context.kafka of mappings, and topics of subscriptions.',
            properties: {
              topic: { type: 'string', description: 'Default: explain.' },
              key: { type: 'string', description: 'Default: none.' },
              headers: { type: 'object', additionalProperties: { type: 'string' }, description: 'By name.' },
            },
            additionalProperties: false,
          },
          only: { type: 'boolean', description: 'Run this test alone.' },
          expect: {
            type: 'object',
            minProperties: 1,
            properties: {
              sent: names('Exactly these subscriptions send something. []: none does.'),
              skipped: perSubscription('Why a subscription skips the event: trigger, consent, integrations, …', {
                type: 'string',
              }),
              rejected: perSubscription('The code of the dead letter that a subscription makes of it.', {
                type: 'string',
              }),
              undecodable: { type: 'string', description: 'The code of the dead letter where the record is no event.' },
              fields: perSubscription('Fields of the action with their values; null: the field has none.', {
                type: 'object',
              }),
              body: perSubscription(
                'Parts of what is sent, by path: of a conversion from the event (custom_data.value, user_data.em[0]), of an audience from the body. { "$hash": "ada@example.com" } stands for the hash of a value, null for nothing.',
                { type: 'object' },
              ),
              warnings: perSubscription('The codes of warnings, all of them.', {
                type: 'array',
                items: { type: 'string' },
              }),
              golden: {
                type: 'string',
                description: 'A file with the whole of what is sent, from the folder of this one; --update writes it.',
              },
            },
            additionalProperties: false,
          },
        },
        required: ['name', 'expect'],
        additionalProperties: false,
      },
    },
  },
  required: ['tests'],
  additionalProperties: false,
} as const;
