/** JSON Schema of `sources.json`; the editor's schema is the same one. */
export const sourcesSchema = {
  type: 'object',
  properties: {
    $schema: { type: 'string', description: 'The schema for editors.' },
    topics: {
      type: 'object',
      description: 'How the records of each topic are read, by its name or a /pattern/; the first that fits counts.',
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
              'What a record is: a call of the Segment spec, a change of a row as Debezium writes it, a row of columns, or a CloudEvent. Default: as the variable RECORDS says.',
            type: 'string',
            enum: ['events', 'debezium', 'rows', 'cloudevents'],
          },
          envelope: {
            description:
              'Members that lead to the event inside a message, such as payload.after. Default: as the variable ENVELOPE says.',
            type: 'string',
            pattern: '^[^.]+(\\.[^.]+)*$',
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
