import { expect, test } from 'vitest';
import { demoEnvironment } from '../../../src/cli/demo/demo-environment.ts';
import { readSettings } from '../../../src/config/environment.ts';

const places = { brokers: 'broker:9092', topic: 'shop-events-1', graph: 'http://127.0.0.1:1' };

test('the demo reads, writes and tells nothing where the settings of a run in the same shell say', () => {
  const ofARun = {
    KAFKA_TOPICS: 'orders',
    KAFKA_GROUP_ID: 'meta-actions',
    KAFKA_DEAD_LETTER_TOPIC: 'orders.dead-letters',
    META_ACCESS_TOKEN: 'a-token-of-the-run',
    META_GRAPH_URL: 'https://graph.facebook.com',
    RECORDS: 'debezium',
    ENVELOPE: 'payload.after',
    SOURCES: 'sources.json',
    NOTIFY_URL: 'https://hooks.example/secret',
    NOTIFY_URL_FILE: '/run/secrets/hook',
  };
  const environment = demoEnvironment(ofARun, places);
  for (const [name, value] of Object.entries(ofARun)) expect(environment[name], name).not.toBe(value);
  expect(readSettings(environment)).toMatchObject({
    KAFKA_TOPICS: ['shop-events-1'],
    KAFKA_DEAD_LETTER_TOPIC: 'shop-events-1.dead-letters',
    RECORDS: 'events',
  });
});

test('the demo keeps what says how to reach a broker, and what somebody wants to see', () => {
  const given = { KAFKA_SSL: 'true', LOG_LEVEL: 'debug', OPS_PORT: '9500' };
  expect(demoEnvironment(given, places)).toMatchObject(given);
});
