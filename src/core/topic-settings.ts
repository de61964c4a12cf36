import type { RecordKind } from './record-kind.ts';

/** How the records of a topic are read. */
export interface TopicSettings {
  /** How a value is written. `auto`: by what the registry says of a framed value; what isn't framed is JSON. */
  readonly format: 'json' | 'json-schema' | 'avro' | 'protobuf' | 'auto';
  readonly records: RecordKind;
  /** Keys from the message to the event inside it. */
  readonly envelope: readonly string[];
  /** Keys from there to a list of events. Absent: there is no such list. */
  readonly unpack?: readonly string[];
  /** How the whole value is compressed, besides what Kafka does. */
  readonly compression?: 'gzip' | 'zstd';
  /** How a key is written. Absent: as text. */
  readonly key?: 'text' | 'json' | 'avro';
}

/** What the topic holds is no text. */
export function holdsBytes({ format, compression }: TopicSettings): boolean {
  return format !== 'json' || compression !== undefined;
}

/** Which topics are read in a way of their own. */
export interface TopicsSettings {
  /** Undefined: as the settings of the process say. */
  of(topic: string): TopicSettings | undefined;
  /** Some topic may need the schema registry. */
  readonly needsRegistry: boolean;
}
