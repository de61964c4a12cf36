import type { saslOf } from '../config/kafka-sasl.ts';
import type { Clock } from '../core/ports.ts';
import type { KafkaSasl } from '../kafka/client/client.ts';
import { createClientCredentialsToken } from '../kafka/tokens/client-credentials.ts';
import { createMskToken } from '../kafka/tokens/msk-token.ts';

type ConfiguredSasl = NonNullable<ReturnType<typeof saslOf>>;

/** The configuration of something on Kafka, with what obtains its tokens. */
export function withTokens<T extends { readonly sasl?: ConfiguredSasl }>(
  config: T,
  clock: Clock,
): Omit<T, 'sasl'> & { readonly sasl?: KafkaSasl } {
  const { sasl, ...rest } = config;
  return { ...rest, ...(sasl !== undefined && { sasl: kafkaSasl(sasl, clock) }) };
}

function kafkaSasl(sasl: ConfiguredSasl, clock: Clock): KafkaSasl {
  if (sasl.mechanism === 'aws-msk-iam') return { mechanism: 'oauthbearer', token: createMskToken(sasl, clock) };
  if (sasl.mechanism !== 'oauthbearer') return sasl;
  if ('endpoint' in sasl)
    return { mechanism: 'oauthbearer', token: createClientCredentialsToken(sasl.endpoint, clock) };
  const { tokenFile } = sasl;
  return { mechanism: 'oauthbearer', token: async () => tokenFile.read() };
}
