/** How the records of a topic are read. */
export interface TopicSettings {
  /** How a value is written. `auto`: by what the registry says of a framed value; what isn't framed is JSON. */
  readonly format: 'json' | 'json-schema' | 'avro' | 'protobuf' | 'auto';
  /** What a record is: a call of the Segment spec, Debezium's change of a row, a row, or a CloudEvent. */
  readonly records: 'events' | 'debezium' | 'rows' | 'cloudevents';
  /** Keys from the message to the event inside it. */
  readonly envelope: readonly string[];
  /** How the whole value is compressed, besides what Kafka does. */
  readonly compression?: 'gzip' | 'zstd';
}

/** Which topics are read in a way of their own. */
export interface TopicsSettings {
  /** Undefined: as the settings of the process say. */
  of(topic: string): TopicSettings | undefined;
  /** Some topic may need the schema registry. */
  readonly needsRegistry: boolean;
}
