import type { Mechanism } from 'kafkajs';
import { ConnectorError } from '../../core/errors.ts';

/** Ends every part of the client's message. */
const separator = '\u0001';

/**
 * SASL OAUTHBEARER (RFC 7628). Unlike kafkajs's own it reads the answer: a broker refuses a token with a JSON text
 * where an accepted one is answered with nothing, and then ends the connection, which looks as if it were down.
 *
 * `token` is asked at every authentication; brokers ask again before a token's life ends.
 */
export function oauthBearer(token: () => Promise<string>): Mechanism {
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ saslAuthenticate }) => ({
      async authenticate() {
        const message = Buffer.from(`n,,${separator}auth=Bearer ${await token()}${separator}${separator}`);
        const challenge = await saslAuthenticate({
          request: { encode: () => Buffer.concat([sizeOf(message), message]) },
          response: { decode: (sized) => sized.subarray(sizeBytes), parse: String },
        });
        if (challenge) throw refused(challenge);
      },
    }),
  };
}

const sizeBytes = 4;

function sizeOf(message: Buffer): Buffer {
  const size = Buffer.alloc(sizeBytes);
  size.writeInt32BE(message.length);
  return size;
}

function refused(challenge: string): ConnectorError {
  // Nothing else of the answer: it is the broker's, and might quote the token.
  const status = /"status"\s*:\s*"([a-z_]{1,40})"/.exec(challenge)?.[1] ?? 'no reason given';
  return new ConnectorError(
    'KAFKA_AUTHENTICATION',
    `Kafka: the broker refused the token (${status}): check KAFKA_SASL_MECHANISM, and where tokens come from (KAFKA_OAUTH_TOKEN_URL or KAFKA_OAUTH_TOKEN_FILE, or the AWS role) and for whom`,
  );
}
