import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedBroker } from '../../src/kafka/embedded/embedded-broker.ts';
import { createTopic, testClient, uniqueName } from '../../test/support/kafka-broker.ts';
import { scratch } from './scratch.ts';

export interface Broker {
  readonly kind: 'kafka' | 'embedded';
  readonly addresses: readonly string[];
  /** A new topic of six partitions (the embedded broker gives four). */
  topic(prefix: string): Promise<string>;
  /** Frees its room; the embedded broker keeps next to nothing. */
  forget(topic: string): Promise<void>;
  stop(): Promise<void>;
}

const run = promisify(execFile);
const script = resolve(import.meta.dirname, '../../scripts/kafka.sh');
const partitions = 6;

/** The Apache Kafka of KAFKA_BROKERS, else one that is started in a folder of its own (scripts/kafka.sh). */
export async function kafkaBroker(): Promise<Broker> {
  const named = process.env['KAFKA_BROKERS'];
  if (named !== undefined && named !== '') return brokerAt('kafka', named.split(','), async () => undefined);
  const folder = scratch('kafka');
  const stop = async () => {
    await run('bash', [script, 'stop', '--dir', folder]);
  };
  const { stdout } = await run('bash', [script, 'start', '--dir', folder]);
  const address = /KAFKA_BROKERS=(\S+)/.exec(stdout)?.[1];
  if (address === undefined) throw new Error('scripts/kafka.sh named no broker');
  return brokerAt('kafka', [address], stop);
}

export async function embeddedBroker(): Promise<Broker> {
  const { brokers, stop } = await startEmbeddedBroker();
  return brokerAt('embedded', brokers.split(','), stop);
}

function brokerAt(kind: Broker['kind'], addresses: readonly string[], stop: () => Promise<void>): Broker {
  return {
    kind,
    addresses,
    async topic(prefix) {
      const name = uniqueName(`bench.${prefix}`);
      await createTopic(addresses, name, { partitions });
      return name;
    },
    async forget(topic) {
      if (kind === 'embedded') return;
      const admin = testClient(addresses).admin();
      await admin.connect();
      await admin.deleteTopics({ topics: [topic] }).finally(() => admin.disconnect());
    },
    stop,
  };
}
