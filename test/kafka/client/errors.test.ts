import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../src/core/errors.ts';
import { connectorErrorOf } from '../../../src/kafka/client/errors.ts';

const place = { brokers: ['b:9092'], groupId: 'g', topics: ['t'] };
const thrown = (members: object) => Object.assign(new Error('it says'), members);

describe('errors of kafkajs', () => {
  it.each([
    [{ name: 'KafkaJSConnectionError' }, 'KAFKA_UNREACHABLE', 'KAFKA_BROKERS'],
    [{ name: 'KafkaJSSASLAuthenticationError' }, 'KAFKA_AUTHENTICATION', 'KAFKA_SASL_PASSWORD'],
    [{ apiName: 'SaslHandshake' }, 'KAFKA_AUTHENTICATION', 'KAFKA_SASL_MECHANISM'],
    [{ type: 'INCONSISTENT_GROUP_PROTOCOL' }, 'KAFKA_GROUP_IN_USE', 'KAFKA_GROUP_ID'],
    [{ type: 'GROUP_AUTHORIZATION_FAILED' }, 'KAFKA_GROUP_REFUSED', 'KAFKA_GROUP_ID'],
    [{ type: 'TOPIC_AUTHORIZATION_FAILED' }, 'KAFKA_TOPIC_REFUSED', 'KAFKA_TOPICS'],
    [{ type: 'INVALID_SESSION_TIMEOUT' }, 'KAFKA_SESSION_TIMEOUT', 'KAFKA_SESSION_TIMEOUT_MS'],
    [{ name: 'KafkaJSConnectionError', message: 'self-signed certificate' }, 'KAFKA_TLS', 'KAFKA_SSL'],
  ])('name the setting at fault: %o', (members, code, setting) => {
    for (const error of [thrown(members), thrown({ cause: thrown(members) }), thrown({ errors: [thrown(members)] })]) {
      const { code: given, message } = connectorErrorOf(error, place);
      expect([given, message]).toEqual([code, expect.stringContaining(setting)]);
    }
  });

  it('that hold one of ours give that one', () => {
    const ours = new ConnectorError('KAFKA_TOPICS', 'empty');
    expect(connectorErrorOf(thrown({ cause: ours }), place)).toBe(ours);
  });

  it('about a codec name the topics that are read', () => {
    const damaged = new ConnectorError('KAFKA_CODEC', 'a batch compressed with lz4 is damaged');
    expect(connectorErrorOf(thrown({ cause: damaged }), place)).toMatchObject({
      code: 'KAFKA_CODEC',
      message: expect.stringMatching(/lz4.*\(t\)/),
    });
  });

  it('that nobody has described keep their text', () => {
    expect(connectorErrorOf(thrown({}), place)).toMatchObject({ code: 'KAFKA_FAILED', message: 'Kafka: it says' });
    expect(connectorErrorOf('text', place).message).toBe('Kafka: text');
  });
});
