import { describe, expect, it, test } from 'vitest';
import { readSettings } from '../../src/config/environment.ts';
import { checkHandOver, fromOf, kafkaSourceConfig } from '../../src/config/kafka.ts';
import { saslOf } from '../../src/config/kafka-sasl.ts';

const settings = (session: string, timeout: string, margin: string) =>
  readSettings({
    KAFKA_SESSION_TIMEOUT_MS: session,
    META_REQUEST_TIMEOUT_MS: timeout,
    META_HAND_OVER_MARGIN_MS: margin,
  });

test('DELIVERY 24: the settings that nobody has set fit together', () => {
  expect(() => checkHandOver(readSettings({}))).not.toThrow();
});

test('DELIVERY 24: a session must outlast a request and its margin; the error names all three settings', () => {
  expect(() => checkHandOver(settings('6000', '4000', '1999'))).not.toThrow();
  expect(() => checkHandOver(settings('6000', '4000', '2000'))).toThrow(
    /KAFKA_SESSION_TIMEOUT_MS \(6000\).*META_REQUEST_TIMEOUT_MS.*META_HAND_OVER_MARGIN_MS.*6000/,
  );
});

test.each([
  ['earliest', 'earliest'],
  ['12h', { agoMillis: 43_200_000 }],
  ['2026-11-22T08:00:00+01:00', { timestamp: Date.UTC(2026, 10, 22, 7) }],
  ['2026-11-22T08:00:00', { timestamp: Date.UTC(2026, 10, 22, 8) }],
  ['2026-11-22', { timestamp: Date.UTC(2026, 10, 22) }],
])('a start at %s is read', (text, from) => expect(fromOf(text)).toEqual(from));

test.each(['7', '0', '12/11/2026', 'yesterday 5', '2026-11-31', '1795000000', '7 d'])(
  'a start at %s is refused: Date.parse would make some other day of it, or none',
  (text) => expect(() => fromOf(text)).toThrow(/KAFKA_FROM must be earliest, latest, an ISO 8601 time/),
);

test('a certificate without KAFKA_SSL is refused: the connection would be in the open', () => {
  const read = (more: Readonly<Record<string, string>>) =>
    kafkaSourceConfig(readSettings({ KAFKA_BROKERS: 'kafka:9092', KAFKA_TOPICS: 'orders', ...more }));
  expect(read({})).not.toHaveProperty('ssl');
  for (const name of ['KAFKA_SSL_CA_FILE', 'KAFKA_SSL_CERT_FILE', 'KAFKA_SSL_KEY_FILE'])
    expect(() => read({ [name]: '/etc/kafka.pem' })).toThrow(`KAFKA_SSL must be true, because ${name} is set`);
});

test.each(['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD_FILE', 'KAFKA_OAUTH_TOKEN_FILE', 'KAFKA_OAUTH_CLIENT_ID'])(
  '%s without KAFKA_SASL_MECHANISM is refused: the connection would be without SASL',
  (name) => {
    expect(() => saslOf(readSettings({ [name]: 'someone' }))).toThrow(
      `KAFKA_SASL_MECHANISM is not set: how ${name} is used (plain, scram-sha-256, `,
    );
    expect(saslOf(readSettings({ [name]: '', AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'key' }))).toBeUndefined();
  },
);

describe('the token endpoint', () => {
  const oauth = (url: string, more: object = {}) =>
    saslOf(
      readSettings({
        KAFKA_SASL_MECHANISM: 'oauthbearer',
        KAFKA_OAUTH_TOKEN_URL: url,
        KAFKA_OAUTH_CLIENT_ID: 'connector',
        KAFKA_OAUTH_CLIENT_SECRET: 'a-secret',
        ...more,
      }),
    );

  it('on another machine is asked over TLS, since the client secret goes there', () => {
    expect(() => oauth('http://login.example/token')).toThrow(
      /KAFKA_OAUTH_TOKEN_URL must be https.*KAFKA_OAUTH_PLAIN_HTTP/,
    );
    expect(() => oauth('https://login.example/token')).not.toThrow();
  });

  it('may have no TLS on this machine, or where that is allowed', () => {
    expect(() => oauth('http://127.0.0.1:8080/token')).not.toThrow();
    expect(() => oauth('http://login.example/token', { KAFKA_OAUTH_PLAIN_HTTP: 'true' })).not.toThrow();
  });
});
