import { freshGroup, type Reading } from './product.ts';
import type { EventKind } from './produce.ts';
import { type Program, startProgram } from './program.ts';

/** Starts the floor (bench/floor.ts) on the same topic, or the same file. */
export function startFloor(source: Reading | { readonly file: string }, sinkUrl: string, kind: EventKind): Program {
  const from =
    'file' in source
      ? { FLOOR_SOURCE: 'file', FLOOR_FILE: source.file }
      : {
          FLOOR_SOURCE: 'kafka',
          KAFKA_BROKERS: source.broker.addresses.join(','),
          KAFKA_TOPICS: source.topic,
          KAFKA_GROUP_ID: freshGroup(),
        };
  return startProgram({
    arguments: ['bench/floor.ts'],
    environment: { ...from, FLOOR_KIND: kind, SINK_URL: sinkUrl },
  });
}
