import { recordKinds } from '../core/record-kind.ts';

/** JSON Schema of `sources.json`; the editor's schema is the same one. */
export const sourcesSchema = {
  type: 'object',
  properties: {
    $schema: { type: 'string', description: 'The schema for editors.' },
    topics: {
      type: 'object',
      description:
        'How the records of each topic are read, by its name or a /pattern/ (anywhere in the name, unless ^ and $ say where); the first that fits counts.',
      minProperties: 1,
      additionalProperties: {
        type: 'object',
        properties: {
          format: {
            description:
              'How a value is written. auto: as the schema registry says of a value that names its schema; any other is JSON.',
            type: 'string',
            enum: ['json', 'json-schema', 'avro', 'protobuf', 'auto'],
          },
          records: {
            description:
              "What a record is: a call of the Segment spec, a change of a row as Debezium writes it, a row of columns, RudderStack's call, or a CloudEvent. Default: as the variable RECORDS says.",
            type: 'string',
            enum: recordKinds,
          },
          envelope: {
            description:
              'Members that lead to the event inside a message, such as payload.after. Default: as the variable ENVELOPE says.',
            type: 'string',
            pattern: '^[^.]+(\\.[^.]+)*$',
          },
          unpack: {
            description:
              'Members that lead, from the envelope on, to a list of events in one message, such as data.events. Each of it is read as an event.',
            type: 'string',
            pattern: '^[^.]+(\\.[^.]+)*$',
          },
          key: {
            description:
              'How a key is written, for context.kafka.key and removals by key. avro: with the id of its schema. Default: text.',
            type: 'string',
            enum: ['text', 'json', 'avro'],
          },
          compression: {
            description: 'How the whole value is compressed by its writer, besides what Kafka compresses itself.',
            type: 'string',
            enum: ['gzip', 'zstd'],
          },
        },
        additionalProperties: false,
      },
    },
  },
  required: ['topics'],
  additionalProperties: false,
} as const;
