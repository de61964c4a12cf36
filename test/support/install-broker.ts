import { env } from 'node:process';
import { installedBroker, WAYS_TO_A_BROKER } from '../../src/kafka/embedded/embedded-broker-install.ts';

/** Why the suites have no embedded broker: heard by `brokerForTests`, in every worker. */
export const missingBrokerVariable = 'TEST_BROKER_MISSING';

/**
 * Before a project that may need it, and once: so that a download is no part of a test, and without a network every file
 * fails at once instead of trying by itself.
 */
export async function setup(): Promise<void> {
  if (env['KAFKA_BROKERS'] || env[missingBrokerVariable]) return;
  try {
    // npm's own patience without a network is minutes.
    const environment = {
      npm_config_fetch_retries: '1',
      npm_config_fetch_retry_mintimeout: '1000',
      npm_config_fetch_timeout: '60000',
      ...env,
    };
    await installedBroker({ environment, print: (line) => console.error(line) });
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(WAYS_TO_A_BROKER, '') : String(error);
    env[missingBrokerVariable] = `${why.split('\n')[0]?.trim()}. ${WAYS_TO_A_BROKER}`;
  }
}
